import { spawnSync } from 'node:child_process';
import path from 'node:path';

const CONFGEN = /^\/usr\/bin\/wazo-confgen(?=\s)/;

/**
 * The text of `#exec` in an embedded stack: the output of wazo-confgen. Other programs are not run, for this is
 * the author's own machine and no disposable one; Asterisk's answer to a program that fails is taken instead.
 */
export function execInclude(stack: string): (command: string) => string | undefined {
  return (command) => {
    if (!CONFGEN.test(command)) return undefined;
    const words = command.replace(CONFGEN, '').trim().split(/\s+/);
    const result = spawnSync(path.join(stack, 'bin/wazo-confgen'), words, {
      encoding: 'utf8',
      timeout: 30_000,
    });
    return result.status === 0 ? result.stdout : undefined;
  };
}
