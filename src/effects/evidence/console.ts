import { trueLine } from '../../dialplan/read/locate.ts';
import type { Finding, FindingCode } from '../../findings/finding.ts';
import type { EffectOutcome, Evidence } from '../module.ts';
import { generatedName } from '../../wazo/entry-point.ts';
import type { StagedTree } from '../../stage/tree.ts';
import { NOT_LOGGED, unreadNote } from './log-channels.ts';
import { loggedPlaces, type GlobCounts } from './glob-counts.ts';
import { sourcePlace } from './source-place.ts';

/** The answers of Asterisk's console when a command failed; its exit status is 0 all the same. */
const REFUSALS: readonly (readonly [RegExp, FindingCode, string])[] = [
  [/Unable to connect to remote asterisk/, 'asterisk-down', 'Asterisk does not answer on the target'],
  [/Asterisk did not answer for \d+ s/, 'asterisk-hangs', 'Asterisk runs, but does not answer'],
  [/request is already in progress/, 'reload-busy', 'Asterisk is still busy with another reload'],
  [/No such command/, 'console-unknown-command', 'Asterisk has no such command'],
  [/No such module/, 'module-not-loaded', 'the module is not loaded'],
  [/reported a reload failure/, 'module-reload-refused', 'the module failed to reload'],
  [/does not support reloads/, 'module-reload-refused', 'the module cannot be reloaded'],
  [/was not properly initialized/, 'module-reload-refused', 'the module did not start properly'],
  [/asterisk: (?:command )?not found/, 'asterisk-missing', 'Asterisk is not installed on the target'],
];

/** Printed after the answer to a reload that no module received (effects/console.ts). */
export const NOTED = 'no reload: only the dialplan runs in the embedded stack';

/** Why a console command was refused; undefined when its answer shows nothing of the kind. */
export function refusal(command: string, answer: string): Finding | undefined {
  const row = REFUSALS.find(([pattern]) => pattern.test(answer));
  if (row === undefined) return undefined;
  return {
    code: row[1],
    level: 'error',
    message: `\`${command}\` failed: ${row[2]} (${answer.trim().split('\n')[0] ?? ''})`,
  };
}

/** Judges a reload of one module by its answer and by what Asterisk logged about the plugin's files. */
export function judgeConsole(
  tree: StagedTree,
  outcome: EffectOutcome<'console'>,
  counts: GlobCounts,
  outcomes: readonly EffectOutcome[] = [],
): Evidence {
  const { command } = outcome.effect;
  const refused = refusal(command, outcome.output);
  if (refused !== undefined) return { findings: [refused], loaded: [] };
  const findings = outcome.log
    .split('\n')
    .flatMap((line) => [...loggedFinding(line, tree, counts), ...generatedFinding(line, outcomes)]);
  if (findings.length > 0) return { findings, loaded: [] };
  const unread = outcome.isLogged ? unreadNote(outcome.log) : NOT_LOGGED;
  const note = outcome.output.includes(NOTED) ? NOTED : unread;
  return { findings, loaded: [note === undefined ? command : `${command}: ${note}`] };
}

/**
 * A warning or error about a line of a text that `#exec` gave Asterisk, which a driver of the same batch made. Asterisk
 * calls it by the name of a file of its own.
 */
function generatedFinding(line: string, outcomes: readonly EffectOutcome[]): readonly Finding[] {
  const said = saidIn(line);
  const number = Number(/\bline (\d+) of \/var\/tmp\/exec\.\S+/.exec(line)?.[1] ?? 0);
  if (said === undefined || number === 0) return [];
  const made = outcomes.flatMap((one) => {
    const text = one.do === 'generate' ? one.output.split('\n')[number - 1] : undefined;
    return one.do !== 'generate' || text === undefined ? [] : [{ name: generatedName(one.effect), text }];
  });
  if (made.length === 0) return [];
  const where = made.map(({ name, text }) => `line ${number} of ${name} ("${text.trim()}")`).join(' or ');
  const message = `${where}: ${said.replace(/,? (?:in|at)? ?line \d+ of \S+/, '')}`;
  return [{ code: 'asterisk-rejected-line', level: 'error', message }];
}

/** The words of Asterisk in a warning or error, behind `WARNING[123] file.c: `; each part of the line is looked through once. */
function saidIn(line: string): string | undefined {
  const heads = /\b(?:ERROR|WARNING)\[\d+\]/g;
  while (heads.exec(line) !== null) {
    const colon = line.indexOf(':', heads.lastIndex);
    if (colon < 0) return undefined;
    if (line[colon + 1] === ' ') return line.slice(colon + 2);
    heads.lastIndex = colon + 1;
  }
  return undefined;
}

/** A warning or error that names a line of a file of the plugin. */
function loggedFinding(line: string, tree: StagedTree, counts: GlobCounts): readonly Finding[] {
  const said = saidIn(line);
  const [place] = loggedPlaces(line);
  if (said === undefined || place === undefined) return [];
  const { file } = place;
  const source = sourcePlace(tree, file, trueLine(place.line, counts.get(file) ?? []));
  if (source === undefined) return [];
  return [
    {
      code: 'asterisk-rejected-line',
      level: 'error',
      message: said,
      ...source,
    },
  ];
}
