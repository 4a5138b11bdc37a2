import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findReal, realCommand } from '../../src/stacks/real.ts';
import { run } from '../../src/support/run.ts';
import { BREAKS, answerBreaks, breakIt, type Broken } from '../support/breaks.ts';
import { lacks } from '../support/needs.ts';
import { figure } from '../support/promises.ts';
import { Watch } from '../support/watch.ts';
import { wdev } from '../support/wdev.ts';
import { buildRepository } from '../wazo/repository.ts';

const LACKS = lacks('real') || lacks('wazo');
const NAME = 'wazo-breaks';
let project = '';
let plugin = '';
let file = '';
let watch: Watch | undefined;
/** Milliseconds of a restart of the service, until it answers. */
let restart = 0;

async function inside(script: string): Promise<string> {
  const stack = await findReal(NAME);
  if (stack === undefined) throw new Error(`no stack ${NAME}`);
  const command = realCommand(stack, ['/bin/sh', '-c', `exec 2>&1\n${script}`]);
  return (await run(command, { timeout: 100_000 })).stdout;
}

/** The answer of the route to somebody with a token. */
async function answer(): Promise<string> {
  const file = '/root/.config/wazo-auth-cli/050-credentials.yml';
  const word = (key: string): string => `$(sed -n 's/.*${key}: //p' ${file})`;
  const take = `curl -s -u "${word('username')}:${word('password')}" -H 'Content-Type: application/json' -d '{}' http://127.0.0.1:9497/0.1/token`;
  const token = `$(${take} | python3 -c 'import json, sys; print(json.load(sys.stdin)["data"]["token"])')`;
  return await inside(`curl -s -H "X-Auth-Token: ${token}" http://127.0.0.1:9500/1.0/demo/hi/labels`);
}

/** Starts of the service so far: each has an id of its own, and systemd says which ones were its own doing. */
async function starts(): Promise<{ readonly all: number; readonly bySystemd: number }> {
  const said = 'journalctl -q --no-pager _PID=1 UNIT=wazo-calld.service';
  const ids = `${said} -o export | sed -n 's/^INVOCATION_ID=//p' | sort -u | wc -l`;
  const own = `${said} -o cat | grep -c 'Scheduled restart job'`;
  const [all, bySystemd] = (await inside(`${ids}; ${own}`)).trim().split('\n').map(Number);
  return { all: all ?? Number.NaN, bySystemd: bySystemd ?? Number.NaN };
}

const ANSWERS = 'until curl -s -o /dev/null http://127.0.0.1:9500/1.0/status; do sleep 0.05; done';

beforeAll(async () => {
  if (LACKS) return;
  project = realpathSync(mkdtempSync(path.join(tmpdir(), 'wdev-test-')));
  const repository = await buildRepository(path.join(project, 'repository'));
  const from = ['--repository', `deb file:${repository.folder} ./`, '--key', repository.key];
  const up = await wdev(['stack', 'up', '--kind', 'wazo', '--name', NAME, ...from, '--with', 'calld'], {
    cwd: project,
  });
  expect(up.status, up.stderr).toBe(0);
  await wdev(['new', 'stack', 'hi', '--namespace', 'demo', '--part', 'calld', '--yes', '--no-git'], {
    cwd: project,
  });
  plugin = path.join(project, 'hi');
  const module = /= ([\w.]+):/.exec(readFileSync(path.join(plugin, 'setup.py'), 'utf8'))?.[1] ?? '';
  file = `${module.replaceAll('.', '/')}.py`;
  await inside(ANSWERS);
  const start = performance.now();
  await inside(`systemctl restart wazo-calld; ${ANSWERS}`);
  restart = performance.now() - start;
  watch = new Watch(['hi', '--target', `stack:${NAME}`], project);
  await watch.next('verified', 100_000);
}, 900_000);

afterAll(async () => {
  if (LACKS) return;
  await watch?.stop();
  await wdev(['stack', 'down', '--name', NAME]);
  rmSync(project, { recursive: true, force: true });
}, 120_000);

describe.skipIf(LACKS)('saves that break a daemon at its start', () => {
  const found: (Broken & { readonly restarts: number; readonly bySystemd: number })[] = [];

  it.each(BREAKS.map((one) => [one.name, one] as const))(
    '%s: told at its line, and all is as before',
    async (_name, one) => {
      if (watch === undefined) throw new Error('no watch');
      const before = await starts();
      let after = before;
      const broken = await breakIt(watch, plugin, file, one, async () => {
        after = await starts();
      });
      const bySystemd = after.bySystemd - before.bySystemd;
      const restarts = after.all - before.all - bySystemd;
      found.push({ ...broken, restarts, bySystemd });
      // the broken version, and the one before it; none where check holds the save back
      expect(restarts).toBe(one.name === 'a syntax error' ? 0 : 2);
      expect([broken.file, broken.line], broken.message).toEqual([file, broken.wanted]);
      expect(await inside("curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:9500/1.0/status")).toMatch(
        /^(?:200|401)$/,
      );
    },
  );

  it('has found all; the figure says how long the slowest took', () => {
    const slowest = Math.max(...found.map(({ ms }) => ms));
    const most = 2 * restart + 2000;
    figure(
      14,
      `${BREAKS.length} breaks, ${found.filter(({ line, wanted }) => line === wanted).length} told at their line; none with more than ${Math.max(...found.map(({ restarts }) => restarts))} restarts, ${found.reduce((sum, { bySystemd }) => sum + bySystemd, 0)} by systemd beside them; a restart takes ${Math.round(restart)} ms, the slowest was over after ${Math.round(slowest)} ms (bar ${Math.round(most)})`,
    );
    expect(found).toHaveLength(BREAKS.length);
  });
});

describe.skipIf(LACKS)('saves after which a daemon starts, and only its answers tell', () => {
  const resources = 'demo_hi/calld/http.py';
  const breaks = answerBreaks('demo_hi/calld/plugin.py', resources);

  it.each(breaks.map((one) => [one.name, one] as const))(
    '%s: told at its line, and the old answer is back',
    async (_name, one) => {
      if (watch === undefined) throw new Error('no watch');
      expect(await answer()).toMatch(/^\{"items": \[\], "total": 0\}\s*$/);
      const { code, ...told } = await breakIt(watch, plugin, file, one, async () => {
        expect(await answer()).toMatch(/^\{"items": \[\], "total": 0\}\s*$/);
      });
      expect([code, told.file, told.message]).toEqual([one.code, one.atFile ?? one.file, told.message]);
      expect(told.line, told.message).toBe(told.wanted);
    },
    200_000,
  );

  it('shows the evidence of a save that is well, a row each', async () => {
    if (watch === undefined) throw new Error('no watch');
    watch.forget();
    const full = path.join(plugin, resources);
    writeFileSync(full, `${readFileSync(full, 'utf8')}# more\n`);
    const { loaded, evidence } = await watch.next('verified', 90_000);
    expect(loaded).toEqual([
      'wazo-calld answers',
      'GET /1.0/demo/hi/labels: 401 without a token, 200 with one',
    ]);
    expect(evidence).toEqual({ verified: 1, placed: 0 });
  });
});
