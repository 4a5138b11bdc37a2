import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { remove } from '../../src/deploy/deploy.ts';
import type { DeployEvent } from '../../src/deploy/events.ts';
import { serverAt } from '../../src/deploy/http.ts';
import { Progress } from '../../src/deploy/progress.ts';
import { refuseMarket, refuseVersion } from '../../src/deploy/refusals.ts';
import type { PlugindServer, ServerLook } from '../../src/deploy/server.ts';
import { chooseRef, type GitState } from '../../src/deploy/what-goes.ts';
import { readPlugin } from '../../src/kinds/discover.ts';
import { UserError } from '../../src/support/errors.ts';
import { HAS_RABBITMQ, startRabbitmq, type Broker } from '../plugind/rabbitmq.ts';
import { INSTALLED, NOTHING_DONE, REMOVED, unexpected } from '../plugind/sequences.ts';
import {
  BODY,
  BROKEN_BUILD,
  FAILING,
  IN_VAIN,
  ITEM,
  NAME,
  VERSION,
  WAITS,
  endsInLoad,
  installed,
  lineOf,
  site,
  type Row,
} from '../plugind/site.ts';
import { layServer, startPlugind, type Play, type StandIn } from '../plugind/server.ts';
import { writePlugin } from '../support/plugins.ts';
import { tempFolder } from '../support/temp.ts';
import { inTerminal } from '../support/terminal.ts';
import { BIN, GIT_IDENTITY, wdev } from '../support/wdev.ts';

let broker: Broker | undefined;

beforeAll(async () => {
  if (HAS_RABBITMQ) broker = await startRabbitmq();
});
afterAll(async () => await broker?.end());

function steps(events: readonly DeployEvent[]): readonly string[] {
  return events.flatMap((event) =>
    event.event === 'step' ? [`${event.step}${event.ok ? '' : ' failed'}`] : [],
  );
}

describe.runIf(HAS_RABBITMQ)('wazo-plugind on a server, its bus followed', () => {
  it('tells each step with its time, and reads back', async () => {
    const at = await site({ events: INSTALLED, after: ITEM }, {}, broker?.port);
    const { ok, events } = await installed(at);
    expect(ok).toBe(true);
    expect(steps(events)).toEqual(INSTALLED.slice(0, -1).map(({ status }) => status));
    expect(events.at(-1)).toMatchObject({ event: 'deployed', version: VERSION, proven: false });
    const posted = at.standIn
      .asked()
      .find(([method, where]) => method === 'POST' && where === '/0.2/plugins');
    expect(posted).toEqual(['POST', '/0.2/plugins', '', BODY]);
  });

  it('is not content with completed when the version is not there', async () => {
    const { ok, findings } = await installed(
      await site(
        {
          events: NOTHING_DONE,
          installed: { ...ITEM, version: '0.0.1' },
          after: { ...ITEM, version: '0.0.1' },
        },
        {},
        broker?.port,
      ),
    );
    expect([ok, findings]).toMatchObject([false, [{ code: 'deploy-step-failed' }]]);
    expect(findings[0]?.message).toContain('0.0.1 is installed, not ');
  });

  it('removes, and looks whether it is gone', async () => {
    const { server, standIn } = await site(
      { events: REMOVED, installed: ITEM, after: null },
      { 'dpkg-query': 'exit 1' },
      broker?.port,
    );
    const dir = tempFolder();
    writePlugin(dir);
    const events: DeployEvent[] = [];
    const done = await remove(server, readPlugin(dir)!, NAME, VERSION, {
      emit: (event) => void events.push(event),
      waits: WAITS,
    });
    expect([done, steps(events)]).toEqual([true, ['starting', 'removing']]);
    expect(events.at(-1)).toMatchObject({ event: 'removed', proven: true });
    expect(standIn.asked()).toContainEqual(['DELETE', '/0.2/plugins/acme/hello', '', null]);
  });
});

describe.runIf(HAS_RABBITMQ)('a plugin that fails on the server', () => {
  it.each<[string, Row]>(Object.entries(FAILING))(
    '%s: the step, the true output, file and line',
    async (_, row) => {
      const at = await site({ events: row.events }, row.programs, broker?.port);
      const { ok, events, findings } = await installed(at, row.files);
      expect(ok).toBe(false);
      expect(events.at(-1)).toMatchObject({ event: 'failed', step: row.step });
      expect(steps(events).at(-1)).toBe(`${row.step} failed`);
      expect(findings[0]).toMatchObject(row.finding);
      expect(`${findings[0]?.message}\n${findings[0]?.help ?? ''}`).toContain(row.says);
    },
  );

  it('has the words of git for a ref that is not there', async () => {
    const bare = path.join(tempFolder(), 'origin.git');
    execFileSync('git', ['init', '--quiet', '--bare', bare], { stdio: 'pipe' });
    const { server } = await site({}, {}, broker?.port);
    const told = await server.diagnose?.(NAME, { clone: [`file://${bare}`, 'gone'] });
    expect(told?.clone).toEqual([2, expect.stringContaining('Remote branch gone not found')]);
  });

  it("reads apt's own log where dpkg is done with it", async () => {
    const at = await site({ events: unexpected('installing') }, { 'dpkg-query': 'exit 1' }, broker?.port);
    const { server } = at;
    const told = await server.diagnose?.(NAME, {});
    expect(told).toMatchObject({ term: '', dpkg: '', package: null });
    const { findings } = await installed(at);
    expect(findings.map(({ code }) => code)).toEqual(['deploy-step-failed']);
    expect(findings[0]?.message).toContain('and gave no reason');
  });
});

describe.runIf(HAS_RABBITMQ)('a plugin that is installed, and ends in load() of its daemon', () => {
  it('is told at the line that raises', async () => {
    const { evidence, files } = await endsInLoad();
    const at = await site({ events: INSTALLED, after: ITEM }, {}, broker?.port);
    const { ok, findings } = await installed(at, files, { evidence });
    expect([ok, findings]).toMatchObject([
      false,
      [{ code: 'deploy-not-in-use', file: 'acme_hello/plugin.py', line: 3 }],
    ]);
    expect(findings[0]?.message).toContain('no route');
  });
});

describe('a server without a shell', () => {
  const server = async (play: Play): Promise<{ server: PlugindServer; standIn: StandIn }> => {
    const standIn = await startPlugind(tempFolder(), play, 0);
    return { server: serverAt(`http://127.0.0.1:${standIn.port}`, 'token-1'), standIn };
  };

  it('is asked for the version, and what cannot be known is said', async () => {
    const { ok, events } = await installed(await server({ after: ITEM }));
    expect(ok).toBe(true);
    expect(events.map(({ event }) => event)).toEqual(['unseen', 'deployed']);
  });

  it('gives no reason for a version that does not come, but its build here does', async () => {
    const { ok, findings } = await installed(
      await server({}),
      { 'wazo/rules': BROKEN_BUILD },
      { waits: IN_VAIN },
    );
    expect(ok).toBe(false);
    expect(findings).toMatchObject([
      { code: 'deploy-not-seen', file: 'wazo/rules', line: lineOf(BROKEN_BUILD, 'cp gone') },
    ]);
  });

  it('that refuses the token, or does not answer, is said so', async () => {
    const { standIn } = await server({});
    const refused = serverAt(`http://127.0.0.1:${standIn.port}`, 'other').look(NAME, false);
    await expect(refused).rejects.toMatchObject({ code: 'not-allowed' });
    const gone = serverAt('http://127.0.0.1:1', 'token-1').look(NAME, false);
    await expect(gone).rejects.toMatchObject({ code: 'no-plugind', exit: 3 });
  });

  it.each(['null', '<html>Log in</html>', '{"items": 5}', '{"items": [null]}', '{"total": 0}'])(
    'that is no wazo-plugind, but answers %s, is said so',
    async (body) => {
      vi.stubGlobal('fetch', async () => await Promise.resolve(new Response(body)));
      const look = serverAt('http://x', 't').look(NAME, true);
      await expect(look).rejects.toMatchObject({ code: 'no-plugind', exit: 3 });
      vi.unstubAllGlobals();
    },
  );
});

describe('wdev deploy --server with a user', () => {
  const words = async (port: number): Promise<readonly string[]> => {
    const work = tempFolder();
    const dir = path.join(work, 'hello');
    writePlugin(dir);
    const git = (...args: readonly string[]): void =>
      void execFileSync('git', args, {
        cwd: dir,
        stdio: 'pipe',
        env: { ...process.env, ...GIT_IDENTITY },
      });
    git('init', '--quiet', '--initial-branch=master');
    git('init', '--quiet', '--bare', path.join(work, 'origin.git'));
    git('remote', 'add', 'origin', path.join(work, 'origin.git'));
    git('add', '--all');
    git('commit', '--quiet', '--message', 'Start');
    git('push', '--quiet', 'origin', 'master');
    const server = ['--server', `http://127.0.0.1:${port}`, '--user', 'wdev'];
    return ['deploy', dir, '--url', 'https://git.example.org/hello.git', ...server, '--yes'];
  };

  it('asks for the password without showing it, and says what cannot be known', async () => {
    const standIn = await startPlugind(tempFolder(), { after: ITEM }, 0);
    const command = [process.execPath, BIN, ...(await words(standIn.port))];
    const env = { ...process.env, NO_COLOR: '1' };
    const told = await inTerminal(command, { cwd: tempFolder(), env }, [['Password of wdev', 'secret\r']]);
    expect(told.status, told.stdout).toBe(0);
    expect(told.stdout).not.toContain('secret');
    expect(told.stdout).toContain('on the message bus of the server only');
    expect(standIn.asked().map(([method, where]) => `${method} ${where}`)).toContain('POST /0.2/plugins');
    const wrong = await inTerminal(command, { cwd: tempFolder(), env }, [['Password of wdev', 'other\r']]);
    expect([wrong.status, wrong.stdout.includes('gives wdev no token: 401')]).toEqual([1, true]);
    expect(wrong.stdout).not.toContain('other');
  });

  it('is refused without a terminal, with the flag that would do', async () => {
    const standIn = await startPlugind(tempFolder(), {}, 0);
    const refused = await wdev(await words(standIn.port));
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain('no terminal to ask on');
    expect(refused.stderr).toContain('--token-command COMMAND');
  });
});

describe('what may go', () => {
  const A = 'a'.repeat(40);
  const B = 'b'.repeat(40);
  const state = (fields: Partial<GitState> = {}): GitState => ({
    branch: 'main',
    head: A,
    changed: [],
    upstream: { remote: { name: 'origin', url: 'https://git.example.org/hello.git' }, branch: 'main' },
    remote: new Map([
      ['refs/heads/main', A],
      ['refs/tags/1.0', B],
    ]),
    local: new Map([
      ['refs/heads/main', A],
      ['refs/tags/1.0', B],
      ['refs/tags/2.0', A],
    ]),
    ahead: 0,
    git: 'git',
    ...fields,
  });

  it('is the branch that is checked out, or a ref that the remote has', () => {
    expect(chooseRef(state(), undefined)).toEqual({ ref: 'main', commit: A });
    expect(chooseRef(state({ changed: ['x'] }), '1.0')).toEqual({ ref: '1.0', commit: B });
  });

  const REFUSED: Readonly<Record<string, readonly [Partial<GitState>, string | undefined, string, string]>> =
    {
      'a dirty tree': [
        { changed: ['a.txt'] },
        undefined,
        'dirty-tree',
        'git add a.txt && git commit && git push',
      ],
      'no remote': [{ upstream: undefined }, undefined, 'no-remote', 'git remote add origin'],
      'a branch that the remote lacks': [
        { remote: new Map() },
        undefined,
        'not-pushed',
        'git push --set-upstream origin main',
      ],
      'commits that are not pushed': [
        { remote: new Map([['refs/heads/main', B]]), ahead: 2 },
        undefined,
        'not-pushed',
        'git push origin main',
      ],
      'commits that are only there': [
        { remote: new Map([['refs/heads/main', B]]), ahead: 0 },
        undefined,
        'not-pushed',
        'git pull',
      ],
      'a tag that is not pushed': [{}, '2.0', 'not-pushed', 'git push origin 2.0'],
      'a commit': [{}, A.slice(0, 10), 'ref-is-commit', `git tag NAME ${A.slice(0, 10)}`],
      'a ref that nobody has': [{}, 'feature', 'unknown-ref', 'git ls-remote origin'],
      'no branch': [{ branch: undefined }, undefined, 'no-branch', '--ref NAME'],
    };

  it.each(Object.entries(REFUSED))('is not %s', (_, [fields, ref, code, help]) => {
    const refusal = refusalOf(() => chooseRef(state(fields), ref));
    expect(refusal.code).toBe(code);
    expect(refusal.help).toContain(help);
  });

  const look = (fields: Partial<ServerLook>): ServerLook => ({ installed: null, wazo: '26.05', ...fields });
  const removal = 'wdev deploy hello --target ssh://root@pbx --remove';
  const candidate = { id: 'acme/hello', version: '1.2', min: undefined, max: undefined, removal };

  it.each([
    ['installed-already', look({ installed: { version: '1.2' } }), {}],
    ['installed-newer', look({ installed: { version: '1.10' } }), {}],
    ['wazo-too-old', look({}), { min: '26.10' }],
    ['wazo-too-new', look({}), { max: '24.10' }],
  ])('is not a version that is %s', (code, found, bounds) => {
    expect(refusalOf(() => refuseVersion({ ...candidate, ...bounds }, found, false)).code).toBe(code);
  });

  it('is the same version with --reinstall, and one of a server that does not tell its Wazo', () => {
    expect(() => refuseVersion(candidate, look({ installed: { version: '1.2' } }), true)).not.toThrow();
    expect(() => refuseVersion({ ...candidate, min: '99' }, look({ wazo: null }), false)).not.toThrow();
  });

  it('is a version that the market of the server offers', () => {
    const entry = { versions: [{ version: '1.2', upgradable: false }, { version: '1.3' }] };
    expect(refusalOf(() => refuseMarket(candidate, entry, false)).code).toBe('market-not-upgradable');
    expect(refusalOf(() => refuseMarket({ ...candidate, version: '9' }, entry, false)).code).toBe(
      'market-lacks-version',
    );
    expect(refusalOf(() => refuseMarket(candidate, { missing: '404' }, false)).code).toBe('not-in-market');
    expect(() => refuseMarket({ ...candidate, version: '1.3' }, entry, false)).not.toThrow();
  });
});

function refusalOf(work: () => unknown): UserError {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError) return error;
  }
  throw new Error('nothing was refused');
}

describe('the steps of a job', () => {
  it('are not mixed with those of other jobs', () => {
    const progress = new Progress(0);
    const own = { uuid: 'own', own: true };
    progress.take({ ...own, status: 'starting' }, 10);
    progress.take({ uuid: 'other', own: false, status: 'error', errors: { error_id: 'install-error' } }, 20);
    expect(progress.take({ ...own, status: 'downloading' }, 30)).toEqual({
      step: 'starting',
      ms: 20,
      ok: true,
    });
    expect([progress.dependencies, progress.current]).toEqual([[], 'downloading']);
  });
});

describe.runIf(HAS_RABBITMQ)('wdev deploy', () => {
  it('refuses what is not pushed, deploys what is, and looks whether it is in use', async () => {
    const work = tempFolder();
    const dir = path.join(work, 'hello');
    const bare = path.join(work, 'origin.git');
    writePlugin(dir);
    const git = (...args: readonly string[]): string =>
      execFileSync('git', args, {
        cwd: dir,
        encoding: 'utf8',
        stdio: 'pipe',
        env: { ...process.env, ...GIT_IDENTITY },
      });
    git('init', '--quiet', '--initial-branch=master');
    git('init', '--quiet', '--bare', bare);
    git('remote', 'add', 'origin', `file://user:secret@localhost${bare}`);
    git('add', '--all');
    git('commit', '--quiet', '--message', 'Start');
    expect((await wdev(['stack', 'up', '--kind', 'embedded'], { cwd: dir })).status).toBe(0);
    const root = path.join(dir, '.wdev/stack/root');
    const bus = broker?.port ?? 0;
    const home = `${root}/usr/lib/wazo-plugind/plugins/acme/hello`;
    // what dpkg and the postinst of the package do
    const reload = `${process.execPath} ${BIN} stack exec --kind embedded -- asterisk -rx "dialplan reload"`;
    const copy = `cp -r ${dir}/etc/. ${root}/etc/ && mkdir -p ${home} && cp -r ${dir}/wazo ${home}/ && cd ${dir} && ${reload}`;
    const market = { versions: [{ version: VERSION, upgradable: false }] };
    const standIn = await startPlugind(work, { events: INSTALLED, after: ITEM, run: copy, market }, bus);
    layServer(root, standIn.port, bus);
    const deploy = async (...args: readonly string[]): ReturnType<typeof wdev> =>
      await wdev(['deploy', '--target', 'embedded', '--yes', ...args], { cwd: dir });
    writeFileSync(path.join(dir, '.gitignore'), '.wdev/\n');
    const dirty = await deploy();
    expect([dirty.status, /git add \S+ && git commit && git push/.test(dirty.stderr)]).toEqual([1, true]);
    git('add', '--all');
    git('commit', '--quiet', '--message', 'Ignore');
    git('push', '--quiet', bare, 'master');
    const result = await deploy('--json');
    expect(result.stderr).toBe('');
    const events = result.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events).toContainEqual(
      expect.objectContaining({ event: 'finding', code: 'deploy-address-logged' }),
    );
    expect(result.stdout).not.toContain('secret');
    expect(steps(events as unknown as readonly DeployEvent[])).toHaveLength(INSTALLED.length - 1);
    expect(events.at(-1)).toMatchObject({ event: 'deployed', version: VERSION, proven: true });
    expect(result.status).toBe(0);
    const posted = standIn.asked().find(([method, where]) => method === 'POST' && where === '/0.2/plugins');
    expect(posted?.[3]).toEqual({
      method: 'git',
      options: { url: `file://user:secret@localhost${bare}`, ref: 'master' },
    });

    // the market's entry, by the tag of the version
    expect((await deploy('--market')).stderr).toContain(`there is no branch or tag ${VERSION}`);
    git('tag', VERSION);
    git('push', '--quiet', bare, VERSION);
    expect((await deploy('--market')).stderr).toContain(`${VERSION} is already installed there`);
    const again = await deploy('--market', '--reinstall', '--json');
    expect([again.status, again.stderr]).toEqual([0, '']);
    expect(
      standIn.asked().findLast(([method, where]) => method === 'POST' && where === '/0.2/plugins'),
    ).toEqual([
      'POST',
      '/0.2/plugins',
      'reinstall=true',
      { method: 'market', options: { namespace: 'acme', name: 'hello', version: VERSION } },
    ]);
  });
});
