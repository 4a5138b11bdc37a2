import { Argument, Option } from './commander.ts';

/** Folders of plugins; none stands for the current folder. */
export function pathsArgument(): Argument {
  return new Argument('[path...]', 'folders of plugins, or folders that hold some (default: this folder)');
}

/** The target that a command works on. */
export function targetOption(): Option {
  return new Option('--target <target>', 'an address, or a name from wdev.yml (default: embedded)');
}

/**
 * The result as one JSON value.
 * @param what the result in a word or two, as `--help` names it
 */
export function jsonOption(what = 'it'): Option {
  return new Option('--json', `print ${what} as JSON`);
}

/** Events of the work: one JSON object a line (cli.md, events of watch, install and rehearse). */
export function eventsOption(): Option {
  return new Option('--json', 'events, one JSON object a line');
}

/** The yes to every question about running what belongs to others. */
export function trustOption(): Option {
  return new Option(
    '--trust',
    'agree in advance to what would be asked, as before programs of many plugins or of a wdev.yml run',
  );
}
