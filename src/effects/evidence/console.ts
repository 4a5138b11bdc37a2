import { trueLine } from '../../dialplan/read/locate.ts';
import type { Finding, FindingCode } from '../../findings/finding.ts';
import type { EffectOutcome, Evidence } from '../module.ts';
import type { StagedTree } from '../../stage/tree.ts';
import { NOT_LOGGED } from './log-channels.ts';
import { loggedPlaces, type GlobCounts } from './glob-counts.ts';
import { sourcePlace } from './source-place.ts';

/** The answers of Asterisk's console when a command failed; its exit status is 0 all the same. */
const REFUSALS: readonly (readonly [RegExp, FindingCode, string])[] = [
  [/Unable to connect to remote asterisk/, 'asterisk-down', 'Asterisk does not answer on the target'],
  [/Asterisk did not answer for \d+ s/, 'asterisk-hangs', 'Asterisk runs, but answers nothing'],
  [/request is already in progress/, 'reload-busy', 'Asterisk was busy with another reload, ten times'],
  [/No such command/, 'console-unknown-command', 'Asterisk does not know this command'],
  [/No such module/, 'module-not-loaded', 'the module is not loaded'],
  [/reported a reload failure/, 'module-reload-refused', 'the module did not take its new settings'],
  [/does not support reloads/, 'module-reload-refused', 'the module cannot be reloaded'],
  [/was not properly initialized/, 'module-reload-refused', 'the module never started properly'],
  [/asterisk: (?:command )?not found/, 'asterisk-missing', 'there is no asterisk command on the target'],
];

/** Why a console command was refused; undefined when its answer shows nothing of the kind. */
export function refusal(command: string, answer: string): Finding | undefined {
  const row = REFUSALS.find(([pattern]) => pattern.test(answer));
  if (row === undefined) return undefined;
  return {
    code: row[1],
    level: 'error',
    message: `${command}: ${row[2]} (${answer.trim().split('\n')[0] ?? ''})`,
  };
}

/** Judges a reload of one module by its answer and by what Asterisk logged about the plugin's files. */
export function judgeConsole(
  tree: StagedTree,
  outcome: EffectOutcome<'console'>,
  counts: GlobCounts,
): Evidence {
  const { command } = outcome.effect;
  const refused = refusal(command, outcome.output);
  if (refused !== undefined) return { findings: [refused], loaded: [] };
  const findings = outcome.log.split('\n').flatMap((line) => loggedFinding(line, tree, counts));
  if (findings.length > 0) return { findings, loaded: [] };
  return { findings, loaded: [outcome.isLogged ? command : `${command}: ${NOT_LOGGED}`] };
}

/** A warning or error that names a line of a file of the plugin. */
function loggedFinding(line: string, tree: StagedTree, counts: GlobCounts): readonly Finding[] {
  const head = /\b(?:ERROR|WARNING)\[\d+\][^:]*: /.exec(line);
  const [place] = loggedPlaces(line);
  if (head === null || place === undefined) return [];
  const { file } = place;
  const source = sourcePlace(tree, file, trueLine(place.line, counts.get(file) ?? []));
  if (source === undefined) return [];
  return [
    {
      code: 'asterisk-rejected-line',
      level: 'error',
      message: line.slice(head.index + head[0].length),
      ...source,
    },
  ];
}
