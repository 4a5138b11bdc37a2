import { appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { applyBatch, commitBatch, readLateLog, withLateLog } from '../../src/targets/apply.ts';
import { closeSession, openSession } from '../../src/targets/session.ts';
import { lacksReason, verifyBatch } from '../../src/effects/evidence/verify.ts';
import { planFor, shellTarget, silentAsterisk, tree } from '../support/target.ts';
import { tempFolder } from '../support/temp.ts';

const CONF = '/etc/asterisk/extensions_extra.d/demo.conf';
const COMPLAINT =
  "[Nov 26 10:00:00] WARNING[7] config.c: No '=' (equal sign) in line 2 of /etc/asterisk/extensions_extra.d/demo.conf\n";

let root = '';

beforeEach(() => void (root = tempFolder()));

function complain(): void {
  appendFileSync(path.join(root, 'var/log/asterisk/full'), COMPLAINT);
}

function program(name: string, text: string): void {
  writeFileSync(path.join(root, 'bin', name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}

/** An Asterisk that logs nothing before its console answers. */
function slowLog(): Record<string, string> {
  return silentAsterisk(
    root,
    "[ Context 'demo' created by 'pbx_config' ]\n  's' => 1. NoOp(one) [extensions.conf:2]\n",
  );
}

describe('what Asterisk logs late', () => {
  it('keeps a batch from being final, and is judged', async () => {
    const target = await shellTarget({ argv: ['sh'], env: slowLog() }, root);
    const session = await openSession(target);
    const plan = planFor(session, tree({ [CONF]: '[demo]\nexten = s,1,NoOp(one)\n' }));
    const result = await applyBatch(session, { plan, contexts: ['demo'] });
    expect(result.outcomes[0]).toMatchObject({ do: 'console', log: '' });
    complain();
    const late = await commitBatch(session, plan);
    expect(late).toBe(COMPLAINT);
    const [verdict] = verifyBatch(plan.changes, withLateLog(result, late), new Map());
    expect(verdict?.findings).toMatchObject([{ level: 'error', line: 2 }]);
    // it was told once: the batch may be made final with it
    expect(await commitBatch(session, plan)).toBe('');
    await closeSession(session);
  });

  it('is waited for where all that is known is that something is not loaded', async () => {
    const target = await shellTarget({ argv: ['sh'], env: slowLog() }, root);
    const session = await openSession(target);
    const plan = planFor(
      session,
      tree({ [CONF]: '[demo]\nexten = s,1,NoOp(one)\nsame n,Hangup()\nexten = t,1,NoOp()\n' }),
    );
    const result = await applyBatch(session, { plan, contexts: ['demo'] });
    const first = verifyBatch(plan.changes, result, new Map());
    expect(first[0]?.findings[0]?.code).toBe('dialplan-not-loaded');
    expect(lacksReason(first)).toBe(true);
    // Asterisk logs while wdev waits
    program('sleep', `printf '%s' "${COMPLAINT}" >>'${path.join(root, 'var/log/asterisk/full')}'`);
    const again = verifyBatch(plan.changes, withLateLog(result, await readLateLog(session)), new Map());
    expect(again[0]?.findings).toMatchObject([{ code: 'dialplan-no-equals' }]);
    expect(lacksReason(again)).toBe(false);
    await closeSession(session);
  });
});
