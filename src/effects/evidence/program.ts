import type { Finding, FindingCode } from '../../findings/finding.ts';

/** The verdict on a program, by its exit status. */
export function judgeProgram(
  name: string,
  code: FindingCode,
  { status, output }: { readonly status: number; readonly output: string },
  place: Partial<Finding>,
): readonly Finding[] {
  if (status === 0) return [];
  const message = `\`${name}\` failed on the target (exit status ${status})${lastLine(output)}`;
  return [{ code, level: 'error', message, ...place }];
}

/** The last line of an output, for the end of a message. */
export function lastLine(output: string): string {
  const last = output.trim().split('\n').at(-1) ?? '';
  return last === '' ? '' : `: ${last}`;
}
