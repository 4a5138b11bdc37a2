import type { RulesScript } from './rules-script.ts';
import { lineOf, type ShellCommand } from './command.ts';

/** Commands of `systemctl` and `service` that make a service run its code anew. */
const RESTARTS = new Set([
  'restart',
  'try-restart',
  'reload-or-restart',
  'try-reload-or-restart',
  'start',
  'reload',
  'force-reload',
]);

/** Those that leave a running service in place when its unit has an ExecReload, as that of Asterisk has. */
const RELOADS = new Set(['reload', 'force-reload', 'reload-or-restart', 'try-reload-or-restart']);

/**
 * Units that a command restarts or starts, without `.service`. A reload of Asterisk is none: its unit then gives
 * Asterisk the command `core reload`.
 */
export function restartedUnits(command: ShellCommand): readonly string[] {
  const { verb, units } = serviceCall(command);
  if (!RESTARTS.has(verb)) return [];
  return units.filter((unit) => unit !== ASTERISK || !RELOADS.has(verb));
}

const ASTERISK = 'asterisk';

/** The request of a command to the service manager: `restart` and the units. */
function serviceCall(command: ShellCommand): { readonly verb: string; readonly units: readonly string[] } {
  const words = command.words.map((word) => word.value).filter((word) => word !== undefined);
  const plain = words.filter((word) => !word.startsWith('-'));
  const [first = '', second = ''] = plain;
  if (command.name === 'systemctl')
    return { verb: first, units: plain.slice(1).map((unit) => unit.replace(/\.service$/, '')) };
  if (command.name === 'service' || command.name === 'invoke-rc.d') return { verb: second, units: [first] };
  const script = /^\/etc\/init\.d\/([^/]+)$/.exec(command.name)?.[1];
  return script === undefined ? { verb: '', units: [] } : { verb: first, units: [script] };
}

/** Every unit that a command names, whatever it does with it. */
export function namedUnits(command: ShellCommand): readonly string[] {
  const plain = command.words
    .map((word) => word.value)
    .filter((word): word is string => word !== undefined && !word.startsWith('-'));
  if (command.name === 'systemctl') return plain.slice(1).map((unit) => unit.replace(/\.service$/, ''));
  if (command.name === 'service' || command.name === 'invoke-rc.d') return plain.slice(0, 1);
  const script = /^\/etc\/init\.d\/([^/]+)$/.exec(command.name)?.[1];
  return script === undefined ? [] : [script];
}

/** The command for Asterisk: `dialplan reload` of `asterisk -rx "dialplan reload"`. Empty when not literal. */
export function asteriskCommand(command: ShellCommand): string | undefined {
  if (command.name !== ASTERISK) return undefined;
  const at = command.words.findIndex(({ value, text }) => /^-[a-zA-Z]*x/.test(value ?? text));
  if (at < 0) return undefined;
  const option = command.words[at]?.value ?? '';
  const attached = option.slice(option.indexOf('x') + 1);
  const rest = command.words.slice(at + 1).map((word) => word.value ?? '');
  return [attached, ...rest].join(' ').trim();
}

/** The command that Asterisk is given, by its console or by `systemctl reload asterisk`. */
export function toldAsterisk(command: ShellCommand): string | undefined {
  const { verb, units } = serviceCall(command);
  if (RELOADS.has(verb) && units.includes(ASTERISK)) return 'core reload';
  return asteriskCommand(command);
}

/** Restarts the whole stack, Asterisk included. */
export function restartsEverything(command: ShellCommand): boolean {
  return /^(?:wazo|xivo)-service (?:restart|start)/.test(lineOf(command));
}

export interface InBranch {
  readonly branch: string;
  readonly command: ShellCommand;
}

/** The commands of some branches; of all without names. */
export function commandsOf(
  script: RulesScript | undefined,
  ...names: readonly string[]
): readonly InBranch[] {
  const branches = [...(script?.branches?.values() ?? [])];
  return branches
    .filter(({ name }) => names.length === 0 || names.includes(name))
    .flatMap(({ name, commands }) => commands.map((command) => ({ branch: name, command })));
}

/** Variables of all words and redirections of a command. */
export function variablesOf(
  command: ShellCommand,
): readonly { name: string; quoted: boolean; start: number; end: number }[] {
  const targets = command.redirects.flatMap(({ target }) => (target === undefined ? [] : [target]));
  const name = command.nameWord === undefined ? [] : [command.nameWord];
  return [...name, ...command.words, ...targets].flatMap((word) => word.variables);
}
