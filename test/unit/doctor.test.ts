import { expect, it } from 'vitest';
import { NOBODY, wdev } from '../support/wdev.ts';

interface Report {
  readonly abilities: readonly { readonly name: string; readonly ready: boolean }[];
}

it('doctor says whether git knows who commits, and how to tell it', async () => {
  const known = await wdev(['doctor', '--json']);
  const unknown = await wdev(['doctor', '--json'], { env: NOBODY });
  const ready = ({ stdout }: { readonly stdout: string }): boolean | undefined =>
    (JSON.parse(stdout) as Report).abilities.find(({ name }) => name === 'commit')?.ready;
  expect([ready(known), ready(unknown)]).toEqual([true, false]);
  const { stdout } = await wdev(['doctor'], { env: NOBODY });
  expect(stdout).toMatch(/^missing +first commits and releases$/m);
  expect(stdout).toMatch(/^ +git config --global user\.name "Your Name"$/m);
  expect(stdout).toMatch(/^ +git config --global user\.email you@example\.org$/m);
});
