import { Argument, Option } from './commander.ts';

/** Folders of plugins; none stands for the current folder. */
export function pathsArgument(): Argument {
  return new Argument('[path...]', 'plugin folders, or folders that contain plugins (default: this folder)');
}

/** The target that a command works on. */
export function targetOption(): Option {
  return new Option(
    '--target <target>',
    'stack or server to use, by address or by name in wdev.yml; see wdev targets --help (default: target in wdev.yml, else embedded)',
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
  return new Option('--trust', 'run programs of the plugins, and those that wdev.yml names, without asking');
}
