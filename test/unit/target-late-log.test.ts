import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyBatch, commitBatch, readLateLog, withLateLog } from '../../src/targets/apply.ts';
import { closeSession, openSession } from '../../src/targets/session.ts';
import { lacksReason, verifyBatch } from '../../src/effects/evidence/verify.ts';
import { planFor, shellTarget, tree } from '../support/target.ts';

const CONF = '/etc/asterisk/extensions_extra.d/demo.conf';
const COMPLAINT =
  "[Nov 26 10:00:00] WARNING[7] config.c: No '=' (equal sign) in line 2 of /etc/asterisk/extensions_extra.d/demo.conf\n";

let root = '';

beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'wdev-test-'));
  for (const folder of ['bin', 'var/log/asterisk', 'var/lib']) {
    mkdirSync(path.join(root, folder), { recursive: true });
  }
  writeFileSync(path.join(root, 'var/log/asterisk/full'), '');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function logged(): string {
  return readFileSync(path.join(root, 'var/log/asterisk/full'), 'utf8');
}

/** An Asterisk whose log comes a moment after its console's answer. */
function slowLog(ms: number): Record<string, string> {
  const asterisk = path.join(root, 'bin/asterisk');
  const log = path.join(root, 'var/log/asterisk/full');
  const late = `{ sleep ${ms / 1000}; printf '%s' "${COMPLAINT}" >>'${log}'; } >/dev/null 2>&1 &`;
  const shown = "[ Context 'demo' created by 'pbx_config' ]\n  's' => 1. NoOp(one) [extensions.conf:2]\n";
  writeFileSync(
    asterisk,
    `#!/bin/sh\ncase $2 in *reload) ${late} echo 'Dialplan reloaded.' ;; *) printf '%s' "${shown}" ;; esac\n`,
  );
  chmodSync(asterisk, 0o755);
  return { PATH: `${path.dirname(asterisk)}:${process.env['PATH']}` };
}

describe('what Asterisk logs late', () => {
  it('keeps a batch from being final, and is judged', async () => {
    const target = await shellTarget({ argv: ['sh'], env: slowLog(150) }, root);
    const session = await openSession(target);
    const plan = planFor(session, tree({ [CONF]: '[demo]\nexten = s,1,NoOp(one)\n' }));
    const result = await applyBatch(session, { plan, contexts: ['demo'] });
    expect(result.outcomes[0]).toMatchObject({ do: 'console', log: '' });
    await expect.poll(logged, { timeout: 240_000 }).toBe(COMPLAINT);
    const late = await commitBatch(session, plan);
    expect(late).toBe(COMPLAINT);
    const [verdict] = verifyBatch(plan.changes, withLateLog(result, late), new Map());
    expect(verdict?.findings).toMatchObject([{ level: 'error', line: 2 }]);
    // it was told once: the batch may be made final with it
    expect(await commitBatch(session, plan)).toBe('');
    await closeSession(session);
  });

  it('is waited for where all that is known is that something is not loaded', async () => {
    const target = await shellTarget({ argv: ['sh'], env: slowLog(100) }, root);
    const session = await openSession(target);
    const plan = planFor(
      session,
      tree({ [CONF]: '[demo]\nexten = s,1,NoOp(one)\nsame n,Hangup()\nexten = t,1,NoOp()\n' }),
    );
    const result = await applyBatch(session, { plan, contexts: ['demo'] });
    const first = verifyBatch(plan.changes, result, new Map());
    expect(first[0]?.findings[0]?.code).toBe('dialplan-not-loaded');
    expect(lacksReason(first)).toBe(true);
    const again = verifyBatch(plan.changes, withLateLog(result, await readLateLog(session)), new Map());
    expect(again[0]?.findings).toMatchObject([{ code: 'dialplan-no-equals' }]);
    expect(lacksReason(again)).toBe(false);
    await closeSession(session);
  });
});
