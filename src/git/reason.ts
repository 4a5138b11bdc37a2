/** Lines in which git, or the ssh that it started, says what is wrong. */
const TELLS =
  /^(?:fatal|error|remote): |^ERROR: |^! \[|Permission denied|Could not resolve host|Host key verification failed|Connection (?:refused|timed out)/i;

/** The same each time, whatever is wrong. */
const SAYS_NOTHING = /Could not read from remote repository|failed to push some refs/;

/** The line of an output of git that says what is wrong: rarely the last one, which ends its general advice. */
export function gitReason(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const telling = lines.filter((line) => TELLS.test(line));
  const line = telling.find((one) => !SAYS_NOTHING.test(one)) ?? telling[0] ?? lines[0] ?? '';
  return line.replace(/^(?:fatal|error|remote): (?:ERROR: )?/i, '').replace(/^ERROR: /, '');
}
