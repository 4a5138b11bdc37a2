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

/** Milliseconds for which a token is used again; wazo-auth gives them for two hours unless asked otherwise. */
const KEPT = 600_000;

/**
 * A token that is there when it is wanted, from a command that is run now and then.
 * @throws UserError as tokenOf, the first time; later the one before is used on
 */
export async function renewedToken(command: string): Promise<() => Promise<string>> {
  let token = await tokenOf(command);
  let since = performance.now();
  return async () => {
    if (performance.now() - since > KEPT) {
      since = performance.now();
      token = await tokenOf(command).catch(() => token);
    }
    return token;
  };
}
