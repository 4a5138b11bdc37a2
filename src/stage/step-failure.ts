import type { Finding } from '../support/finding.ts';
import type { RunResult } from '../support/run.ts';
import type { StageStep } from './recipe.ts';
import type { RulesCommand } from './trace.ts';

/** Where shells and Python say that they stopped: file and line. */
const PLACES: readonly RegExp[] = [
  /^(?<file>[\w./-]+): line (?<line>\d+): (?<reason>.+)$/m,
  /^(?<file>[\w./-]+): (?<line>\d+): (?<reason>.+)$/m,
  /File "(?:[^"]*\/source\/)?(?<file>[\w./-]+)", line (?<line>\d+)(?![\s\S]*File "(?:[^"]*\/source\/))/m,
  /^(?<file>[\w./-]+):(?<line>\d+): \*\*\* (?<reason>.+)$/m,
];

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
  const place = PLACES.map((pattern) => pattern.exec(output)?.groups).find((found) => found !== undefined);
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
    code: `stage-${step.name === 'build' || step.name === 'package' ? step.name : 'python'}-failed`,
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
  return step.file === 'wazo/rules' ? `wazo/rules ${step.name}` : `${step.file}, to ${step.name},`;
}

function lastLines(output: string): string {
  return output.split('\n').slice(-6).join('\n');
}
