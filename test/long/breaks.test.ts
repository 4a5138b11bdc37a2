import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BREAKS, LATE_ENDS, SILENT_ENDS, answerBreaks, breakIt, type Broken } from '../support/breaks.ts';
import { lacks } from '../support/needs.ts';
import { figure } from '../support/promises.ts';
import { save } from '../support/save.ts';
import { BreaksStack } from '../wazo/breaks-stack.ts';

const LACKS = lacks('real') || lacks('wazo');
let stack: BreaksStack;

/** The answer of the route to somebody with a token. */
async function answer(): Promise<string> {
  const file = '/root/.config/wazo-auth-cli/050-credentials.yml';
  const word = (key: string): string => `$(sed -n 's/.*${key}: //p' ${file})`;
  const take = `curl -s -u "${word('username')}:${word('password')}" -H 'Content-Type: application/json' -d '{}' http://127.0.0.1:9497/0.1/token`;
  const token = `$(${take} | python3 -c 'import json, sys; print(json.load(sys.stdin)["data"]["token"])')`;
  return await stack.inside(`curl -s -H "X-Auth-Token: ${token}" http://127.0.0.1:9500/1.0/demo/hi/labels`);
}

/** Starts of the service so far: each has an id of its own, and systemd says which ones were its own doing. */
async function starts(): Promise<{ readonly all: number; readonly bySystemd: number }> {
  const said = 'journalctl -q --no-pager _PID=1 UNIT=wazo-calld.service';
  const ids = `${said} -o export | sed -n 's/^INVOCATION_ID=//p' | sort -u | wc -l`;
  const own = `${said} -o cat | grep -c 'Scheduled restart job'`;
  // a busy journal is behind
  const [all, bySystemd] = (await stack.inside(`journalctl --sync; ${ids}; ${own}`))
    .trim()
    .split('\n')
    .map(Number);
  return { all: all ?? Number.NaN, bySystemd: bySystemd ?? Number.NaN };
}

beforeAll(async () => {
  if (!LACKS) stack = await BreaksStack.open('wazo-breaks');
});

afterAll(async () => {
  if (!LACKS) await stack.close();
});

describe.skipIf(LACKS)('saves that break a daemon at its start', () => {
  const found: (Broken & { readonly restarts: number; readonly bySystemd: number })[] = [];

  it.each(BREAKS.map((one) => [one.name, one] as const))(
    '%s: told at its line, and all is as before',
    async (_name, one) => {
      const before = await starts();
      let after = before;
      const broken = await breakIt(stack.watch, stack.plugin, stack.file, one, async () => {
        after = await starts();
      });
      const bySystemd = after.bySystemd - before.bySystemd;
      const restarts = after.all - before.all - bySystemd;
      found.push({ ...broken, restarts, bySystemd });
      // the broken version, and the one before it; none where check holds the save back
      expect(restarts).toBe(one.name === 'a syntax error' ? 0 : 2);
      expect([broken.file, broken.line], broken.message).toEqual([stack.file, broken.wanted]);
      expect(
        await stack.inside("curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:9500/1.0/status"),
      ).toMatch(/^(?:200|401)$/);
    },
  );

  it('has found all', () => {
    const slowest = Math.max(...found.map(({ ms }) => ms));
    figure(
      14,
      `${BREAKS.length} breaks, ${found.filter(({ line, wanted }) => line === wanted).length} told at their line; none with more than ${Math.max(...found.map(({ restarts }) => restarts))} restarts, ${found.reduce((sum, { bySystemd }) => sum + bySystemd, 0)} by systemd beside them; the slowest was over after ${Math.round(slowest)} ms (beside restarts alone: npm run bench -- breaks)`,
    );
    expect(found).toHaveLength(BREAKS.length);
  });
});

describe.skipIf(LACKS)(
  'saves that end a daemon without a traceback, at its start or once it has answered',
  () => {
    const rows = [...SILENT_ENDS, ...LATE_ENDS].map((one) => [one.name, one] as const);
    it.each(rows)(
      '%s: told at its line, with how it ended, and the version before is back',
      async (_name, one) => {
        const told = await breakIt(stack.watch, stack.plugin, stack.file, one);
        expect([told.code, told.file, told.line], told.message).toEqual([
          LATE_ENDS.includes(one) ? 'service-ended' : 'service-down',
          stack.file,
          told.wanted,
        ]);
        expect(told.message).toMatch(
          /without a traceback; (?:its exit status is [34]|SIG(?:KILL|SEGV) ended it): this line/,
        );
      },
    );
  },
);

describe.skipIf(LACKS)('saves after which a daemon starts, and only its answers tell', () => {
  const resources = 'demo_hi/calld/http.py';
  const breaks = answerBreaks('demo_hi/calld/plugin.py', resources);

  it.each(breaks.map((one) => [one.name, one] as const))(
    '%s: told at its line, and the old answer is back',
    async (_name, one) => {
      expect(await answer()).toMatch(/^\{"items": \[\], "total": 0\}\s*$/);
      const { code, ...told } = await breakIt(stack.watch, stack.plugin, stack.file, one, async () => {
        expect(await answer()).toMatch(/^\{"items": \[\], "total": 0\}\s*$/);
      });
      expect([code, told.file, told.message]).toEqual([one.code, one.atFile ?? one.file, told.message]);
      expect(told.line, told.message).toBe(told.wanted);
    },
  );

  it('shows the evidence of a save that is well, a row each', async () => {
    stack.watch.forget();
    const full = path.join(stack.plugin, resources);
    save(full, `${readFileSync(full, 'utf8')}# more\n`);
    const { loaded, evidence } = await stack.watch.next('verified');
    expect(loaded).toEqual([
      'wazo-calld answers',
      'GET /1.0/demo/hi/labels: 401 without a token, 200 with one',
    ]);
    expect(evidence).toEqual({ verified: 1, placed: 0 });
  });
});
