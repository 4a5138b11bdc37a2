import { Argument, Option } from './commander.ts';

/** Folders of plugins; none stands for the current folder. */
export function pathsArgument(): Argument {
  return new Argument('[path...]', 'plugin folders, or folders that contain plugins (default: this folder)');
}

/**
 * The target that a command works on.
 * @param what it is for the command, as `--help` says it
 */
export function targetOption(what = 'stack or server to use'): Option {
  return new Option(
    '--target <target>',
    `${what}: an address, or a name in wdev.yml (see wdev targets --help; default: the key target in wdev.yml, else embedded)`,
  );
}

/**
 * The result as one JSON value.
 * @param what the result in a word or two, as `--help` names it
 */
export function jsonOption(what = 'the result'): Option {
  return new Option('--json', `print ${what} as JSON`);
}

/** Events of the work, or other results that come one by one: one JSON object a line. */
export function eventsOption(what = 'events'): Option {
  return new Option('--json', `print ${what} as JSON, one object per line`);
}

/** The yes to every question about running what belongs to others. */
export function trustOption(): Option {
  return new Option(
    '--trust',
    'do not ask before running the commands in wdev.yml (approved until they change) or the programs of more than 50 plugins',
  );
}
