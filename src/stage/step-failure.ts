import type { Finding } from '../support/finding.ts';
import type { RunResult } from '../support/run.ts';
import type { StageStep } from './recipe.ts';

/** Where shells and Python say that they stopped: file and line. */
const PLACES: readonly RegExp[] = [
  /^(?<file>[\w./-]+): line (?<line>\d+): (?<reason>.+)$/m,
  /^(?<file>[\w./-]+): (?<line>\d+): (?<reason>.+)$/m,
  /File "(?:[^"]*\/source\/)?(?<file>[\w./-]+)", line (?<line>\d+)(?![\s\S]*File "(?:[^"]*\/source\/))/m,
  /^(?<file>[\w./-]+):(?<line>\d+): \*\*\* (?<reason>.+)$/m,
];

/** Turns a step that failed into a finding that names the line of the author's file, if its output tells. */
export function explainStep(step: StageStep, result: RunResult): Finding {
  const output = result.stderr.trim() || result.stdout.trim();
  const place = PLACES.map((pattern) => pattern.exec(output)?.groups).find((found) => found !== undefined);
  const lastLine = output.split('\n').at(-1) ?? '';
  const reason = place?.['reason'] ?? lastLine;
  const line = Number(place?.['line'] ?? Number.NaN);
  return {
    code: `stage-${step.name === 'build' || step.name === 'package' ? step.name : 'python'}-failed`,
    level: 'error',
    message: `${describe(step)} ended with exit status ${result.status}${reason === '' ? '' : `: ${reason}`}`,
    file: place?.['file'] ?? step.file,
    ...(Number.isNaN(line) ? {} : { line }),
    ...(output === '' || output === reason ? {} : { help: lastLines(output) }),
    source: `wazo-plugind, ${step.name === 'package' ? 'packaging' : 'building'} step`,
  };
}

function describe(step: StageStep): string {
  return step.file === 'wazo/rules' ? `wazo/rules ${step.name}` : `${step.file}, to ${step.name},`;
}

function lastLines(output: string): string {
  return output.split('\n').slice(-6).join('\n');
}
