import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { PlannedEffect } from '../../src/effects/change.ts';
import { judgePjsip } from '../../src/effects/evidence/pjsip.ts';
import { applyBatch } from '../../src/targets/apply.ts';
import { closeSession, openSession } from '../../src/targets/session.ts';
import { PLUGIN, planFor, shellTarget, tree } from '../support/target.ts';
import { tempFolder } from '../support/temp.ts';

const because = 'a test';
const EFFECTS: PlannedEffect[] = [
  { effect: { do: 'generate', resource: 'asterisk', filename: 'pjsip.conf' }, plugins: [PLUGIN.id], because },
  { effect: { do: 'console', command: 'module reload res_pjsip.so' }, plugins: [PLUGIN.id], because },
];

/** The verdict on what Asterisk read, where the cache gets its text by these steps of a shell. */
async function given(comes: string): Promise<readonly string[]> {
  const root = tempFolder();
  const cache = path.join(root, 'var/cache/wazo-confgend/asterisk/pjsip.conf');
  const bin = path.join(root, 'bin');
  for (const folder of [path.dirname(cache), bin, path.join(root, 'etc/asterisk/pjsip.d')])
    mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(root, 'etc/asterisk/pjsip.d/50-made.conf'),
    '#exec /usr/bin/wazo-confgen asterisk/pjsip.conf --cached\n',
  );
  const looks = path.join(root, 'looks');
  const programs = {
    'wazo-confgen': `case $* in *--invalidate*) rm -f '${cache}' ;; *) printf '[one]\\n[two]\\n' | tee '${cache}' ;; esac`,
    // the far end has looked so often
    after: `while [ "$(wc -l 2>/dev/null <'${looks}' || echo 0)" -lt "$1" ]; do /bin/sleep 0.01; done`,
    asterisk: `case $2 in *reload*) { ${comes.replaceAll('CACHE', `'${cache}'`)}; } >/dev/null 2>&1 & ;; esac`,
    sleep: `echo >>'${looks}'; exec /bin/sleep 0.02`,
  };
  for (const [name, text] of Object.entries(programs))
    writeFileSync(path.join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  const env = { PATH: `${bin}:${process.env['PATH']}` };
  const session = await openSession(await shellTarget({ argv: ['sh'], env }, root));
  const plan = planFor(session, tree({ '/etc/demo': 'x' }), PLUGIN, EFFECTS);
  const { outcomes } = await applyBatch(session, { plan, contexts: [] });
  await closeSession(session);
  return outcomes.flatMap((outcome) => {
    if (outcome.do !== 'console') return [];
    const { findings, loaded } = judgePjsip(outcome, outcomes);
    return [...findings.map(({ message }) => message), ...loaded];
  });
}

const READ = ['asterisk/pjsip.conf: read by Asterisk'];

it('is what Asterisk reads late', async () => {
  expect(await given("after 80; printf '[one]\\n[two]\\n' >CACHE")).toEqual(READ);
});

it('is what comes in two pieces', async () => {
  expect(await given("printf '[one]\\n' >CACHE; after 10; printf '[two]\\n' >>CACHE")).toEqual(READ);
});

it('is another text where it stays so', async () => {
  expect(await given("printf '[three]\\n' >CACHE")).toEqual([
    'Asterisk read a different pjsip.conf than the driver just generated',
  ]);
});
