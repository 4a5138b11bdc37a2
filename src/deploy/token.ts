import { usageError } from '../support/errors.ts';
import { run } from '../support/run.ts';

/**
 * The token that a command of the person prints; it is run by sh, and asks on the terminal itself if it must.
 * @throws UserError `usage` when it fails or prints none
 */
export async function tokenOf(command: string): Promise<string> {
  const { status, stdout, stderr } = await run(['sh', '-c', command], { timeout: 120_000 });
  const token = stdout.trim();
  if (status === 0 && /^[\w.:=-]+$/.test(token)) return token;
  const said = stderr.trim().split('\n').at(-1) ?? '';
  throw usageError(
    `--token-command gave no token (exit status ${status})${said === '' ? '' : `: ${said}`}`,
    'It prints the token, and nothing else, on standard output.',
  );
}
