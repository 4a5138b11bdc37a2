import { branchLine } from '../readers/shell/rules-text.ts';
import type { Finding } from '../findings/finding.ts';
import type { RunResult } from '../support/run.ts';
import { rulesOf, type SourceListing } from '../git/sources.ts';
import type { StageStep } from '../kinds/kind.ts';
import { culprit, traceRules, type RulesCommand, type RulesStep } from './trace.ts';

type Groups = Readonly<Record<string, string>> | undefined;

/** Where shells, Python and make say that they stopped: file and line. */
const PLACES: readonly ((output: string) => Groups)[] = [
  (output) => /^(?<file>[\w./-]+): line (?<line>\d+): (?<reason>.+)$/m.exec(output)?.groups,
  (output) => /^(?<file>[\w./-]+): (?<line>\d+): (?<reason>.+)$/m.exec(output)?.groups,
  pythonPlace,
  (output) => /^(?<file>[\w./-]+):(?<line>\d+): \*\*\* (?<reason>.+)$/m.exec(output)?.groups,
];

/** The last frame of all tracebacks that lies in the copy of the sources; the first one where none does. */
function pythonPlace(output: string): Groups {
  const frames = [...output.matchAll(/File "([^"\n]*)", line (\d+)/g)];
  const frame = frames.findLast(([, file = '']) => file.includes(SOURCE) || /^[\w.]/.test(file)) ?? frames[0];
  const [, whole = '', line = ''] = frame ?? [];
  const file = whole.slice(whole.lastIndexOf(SOURCE) < 0 ? 0 : whole.lastIndexOf(SOURCE) + SOURCE.length);
  return /^[\w./-]+$/.test(file) ? { file, line } : undefined;
}

const SOURCE = '/source/';

/**
 * Explains why `rules build` or `rules package` failed: by its output, by the command that a second run under a
 * trace finds, or by the branch of the step. `wrapper` is what the second `package` runs under; undefined when
 * none is to be made.
 */
export async function explainRules(
  step: RulesStep,
  result: RunResult,
  sources: SourceListing,
  workspace: string,
  wrapper?: readonly string[],
): Promise<Finding> {
  const noStart = withoutInterpreter(step, result, sources);
  if (noStart !== undefined) return noStart;
  const steps: readonly RulesStep[] = step === 'build' ? ['build'] : ['build', 'package'];
  // what took too long once takes too long twice
  const isLate = result.status === 124;
  const trace = wrapper === undefined || isLate ? undefined : await traceRules(sources, steps, wrapper);
  const command = trace === undefined ? undefined : culprit(trace, step);
  const described = { runs: 'rules', name: step, file: 'wazo/rules' } as const;
  const finding = explainStep(described, result, command, workspace);
  const label = branchLine(rulesOf(sources), step);
  return finding.line === undefined && label !== undefined ? { ...finding, line: label } : finding;
}

/** The program is there, so what could not be found is what its first line names. */
function withoutInterpreter(
  step: RulesStep,
  { status, stderr }: RunResult,
  sources: SourceListing,
): Finding | undefined {
  const [, named] = /^#!\s*(\S*)/.exec(rulesOf(sources)) ?? [];
  if (status !== 127 || !/\bENOENT\b/.test(stderr) || named === undefined) return undefined;
  const hasReturn = rulesOf(sources).split('\n', 1)[0]?.endsWith('\r') === true;
  const why = hasReturn ? `${named} and a carriage return: the lines end as on Windows` : named;
  return {
    code: `stage-${step}-failed`,
    level: 'error',
    message: `wazo/rules ${step} cannot start: there is no interpreter ${why}`,
    file: 'wazo/rules',
    line: 1,
    help: hasReturn ? "sed -i 's/\\r$//' wazo/rules" : 'Write #!/bin/sh, which every server has.',
    source: 'wazo-plugind, building step',
  };
}

/**
 * Turns a step that failed into a finding that names the line of the author's file: what the output tells,
 * or else the command of `rules` that a trace found. `workspace` is cut off paths in the output.
 */
export function explainStep(
  step: StageStep,
  result: RunResult,
  traced?: RulesCommand,
  workspace?: string,
): Finding {
  const said = result.stderr.trim() || result.stdout.trim();
  const output = workspace === undefined ? said : said.replaceAll(`${workspace}/`, '');
  const place = PLACES.map((find) => find(output)).find((found) => found !== undefined);
  const lastLine = output.split('\n').at(-1) ?? '';
  const reason = place?.['reason'] ?? lastLine;
  const line = place === undefined ? traced?.line : Number(place['line']);
  const called =
    traced === undefined || place?.['reason'] !== undefined ? '' : ` in \`${shorten(traced.command)}\``;
  const from = place !== undefined && traced !== undefined && place['file'] !== step.file;
  const help = [
    ...(from ? [`Called by ${step.file}:${traced.line}.`] : []),
    ...(output === '' || output === reason ? [] : [lastLines(output)]),
  ].join('\n');
  return {
    code: `stage-${step.runs === 'rules' ? step.name : 'python'}-failed`,
    level: 'error',
    message: `${describe(step)} ended with exit status ${result.status}${called}${reason === '' ? '' : `: ${reason}`}`,
    file: place?.['file'] ?? step.file,
    ...(line === undefined ? {} : { line }),
    ...(help === '' ? {} : { help }),
    source: `wazo-plugind, ${step.name === 'package' ? 'packaging' : 'building'} step`,
  };
}

function shorten(command: string): string {
  return command.length <= 60 ? command : `${command.slice(0, 57)}...`;
}

function describe(step: StageStep): string {
  return step.runs === 'rules' ? `wazo/rules ${step.name}` : `${step.file}, to ${step.name},`;
}

function lastLines(output: string): string {
  return output.split('\n').slice(-6).join('\n');
}
