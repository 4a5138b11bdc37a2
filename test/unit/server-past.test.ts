import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Finding } from '../../src/findings/finding.ts';
import type { Plugin } from '../../src/kinds/plugin.ts';
import { runBatch, type BatchOptions } from '../../src/loop/batch.ts';
import type { LoopEvent } from '../../src/loop/events.ts';
import { PluginState } from '../../src/loop/state.ts';
import type { StagedTree } from '../../src/stage/tree.ts';
import { readStatus } from '../../src/status/status.ts';
import { restoreVerified } from '../../src/status/restored.ts';
import { uninstallPlugin } from '../../src/status/uninstall.ts';
import { closeSession, openSession, type Session } from '../../src/targets/session.ts';
import { canBox, debianBox, type DebianBox } from '../support/debian-box.ts';
import { figure, isLong } from '../support/promises.ts';
import { PLUGIN, snapshot, tree } from '../support/target.ts';

const X: Plugin = { ...PLUGIN, id: 'acme/x', namespace: 'acme', name: 'x' };
const HOME = '/usr/lib/wazo-plugind/plugins/acme/x/wazo';
const RULES = `${HOME}/rules`;
const CODE = '/usr/lib/python3/dist-packages/acme_x';
const DIALPLAN = '/etc/asterisk/extensions_extra.d';

/** Rules as authors write them: install makes a file beside the package, uninstall and postrm delete its own. */
function rules(version: string): string {
  return `#!/bin/sh
echo "${version} $1" >>/var/log/x.log
case "$1" in
    install) echo ${version} >/etc/x.made ;;
    uninstall) rm -f /etc/x.made ;;
    postrm) rm -rf ${DIALPLAN}/x*.conf ${CODE} /etc/x.link ;;
esac
`;
}

const LINKS = ['w1', 'w2', 'p1', 'p2'];

/** One version of the plugin. All have a file that is the same in each; a version's number is in the others. */
function version(name: string, more: Parameters<typeof tree>[0] = {}): StagedTree {
  return tree(
    {
      [`${HOME}/plugin.yml`]: `version: ${name}\n`,
      [RULES]: rules(name),
      [`${DIALPLAN}/x.conf`]: `; ${name}\n`,
      [`${DIALPLAN}/x-same.conf`]: '; the same in all\n',
      [`${CODE}/__init__.py`]: `VERSION = '${name}'\n`,
      [`${CODE}/same.py`]: 'SAME = 1\n',
      '/etc/x.link': { link: `${'./'.repeat(LINKS.indexOf(name))}passwd` },
      ...more,
    },
    { [RULES]: 0o755 },
  );
}

/** wazo-provd ends at its start when it finds such a folder empty. */
const DRAWER = '/var/lib/wazo-provd/plugins/acme-x';

const BYTE_CODE = {
  [`${CODE}/__pycache__/__init__.cpython-311.pyc`]: 'byte-code',
  [`${CODE}/__pycache__/same.cpython-311.pyc`]: 'byte-code of same.py',
};

const STAGED = {
  w1: version('w1', { [`${DIALPLAN}/x-w1.conf`]: '; only there\n', [`${CODE}/p2.py`]: 'P2 = 2\n' }),
  w2: version('w2', { '/etc/other.conf': 'mine\n' }),
};
const PACKAGED = {
  p1: version('p1', {
    ...BYTE_CODE,
    [`${DRAWER}/plugin-info`]: 'p1',
    [`${DIALPLAN}/x-p1.conf`]: '; p1\n',
    '/etc/x.empty': { folder: 0o755 },
  }),
  // one file is what w1 has
  p2: version('p2', { ...BYTE_CODE, [`${CODE}/p2.py`]: 'P2 = 2\n', [`${DIALPLAN}/x-p2.conf`]: '; p2\n' }),
};

type Step = 'w1' | 'w2' | 'p1' | 'p2' | 'remove' | 'purge' | 'restore' | 'uninstall' | 'leave';
const STEPS: readonly Step[] = ['w1', 'w2', 'p1', 'p2', 'remove', 'purge', 'restore', 'uninstall', 'leave'];

const OPTIONS: BatchOptions = {
  keepBroken: false,
  dryRun: false,
  calls: 'now',
  reload: [],
  after: new Map(),
  holds: [],
  signal: new AbortController().signal,
};

interface Packages {
  readonly maker: DebianBox;
  /** Name → path of the `.deb` in the maker. */
  readonly debs: ReadonlyMap<string, string>;
}

let made: Packages | undefined;

/** The packages of all orders, made once. */
function packages(): Packages {
  if (made !== undefined) return made;
  const maker = debianBox();
  const debs = Object.entries(PACKAGED).map(([name, files]): [string, string] => [
    name,
    maker.pluginDeb({ name: 'x', namespace: 'acme', version: name.slice(1) }, files),
  ]);
  const files = tree({
    '/etc/other.conf': 'of other\n',
    [`${DIALPLAN}/other.conf`]: '; x\n',
    [`${CODE}_other.py`]: '',
    '/var/lib/wazo-provd/plugins/o/plugin-info': '',
  });
  debs.push(['other', maker.deb('other', '1', files, ['/etc/other.conf'])]);
  made = { maker, debs: new Map(debs) };
  return made;
}

/** A server on which things happen one after the other, with a `wdev watch` that stays open between them. */
class Server {
  readonly box: DebianBox = debianBox();
  readonly findings: Finding[] = [];
  readonly events: LoopEvent[] = [];
  #session: Session | undefined;
  #state = new PluginState(X);

  constructor() {
    const { maker, debs } = packages();
    for (const [name, deb] of debs)
      copyFileSync(path.join(maker.root, deb), path.join(this.box.root, 'tmp', `${name}.deb`));
    this.box.sh('dpkg -i /tmp/other.deb');
  }

  async session(): Promise<Session> {
    this.#session ??= await openSession(await this.box.open());
    return this.#session;
  }

  async leave(): Promise<void> {
    if (this.#session !== undefined) await closeSession(this.#session);
    this.#session = undefined;
    this.#state = new PluginState(X);
  }

  async step(step: Step): Promise<void> {
    if (step in PACKAGED) this.box.sh(`dpkg -i /tmp/${step}.deb`);
    // purge after remove fails on a server, too: wazo-plugind's postrm wants what the first one deleted
    else if (step === 'remove' || step === 'purge')
      this.box.sh(`dpkg --${step} wazo-plugind-x-acme 2>&1 || :`);
    else if (step === 'leave') await this.leave();
    else if (step === 'restore') await this.restore();
    else if (step === 'uninstall') await this.uninstall();
    else await this.save(step as keyof typeof STAGED);
  }

  async save(name: keyof typeof STAGED): Promise<void> {
    const staged = { plugin: { ...X, version: name }, sources: new Map(), tree: STAGED[name], findings: [] };
    const entry = { state: this.#state, stage: staged, proven: true, since: 0, force: false };
    await runBatch(await this.session(), 1, [entry], OPTIONS, (event) => this.events.push(event));
  }

  async restore(): Promise<void> {
    this.findings.push(...(await restoreVerified(await this.session())).findings);
    await this.leave();
  }

  async uninstall(): Promise<void> {
    const session = await this.session();
    const plugin = session.installed.get(X.id);
    if (plugin !== undefined) this.findings.push(...(await uninstallPlugin(session, plugin)).findings);
    await this.leave();
  }

  /** Whether the plugin's package is installed. */
  get isPackaged(): boolean {
    return (
      this.box.sh("dpkg-query -W -f '${db:Status-Status}' wazo-plugind-x-acme 2>/dev/null || :") ===
      'installed'
    );
  }

  text(name: string): string {
    return readFileSync(path.join(this.box.root, name), 'utf8');
  }

  /** The complaints of the package database. */
  get unlike(): string {
    return this.box.sh('dpkg --verify || :');
  }

  /** Files of no package, but for logs and the like. */
  get strays(): readonly string[] {
    const known = new Set(this.box.sh('cat /var/lib/dpkg/info/*.list').split('\n'));
    return [...snapshot(this.box.root)]
      .filter(([name]) => /^\/(etc|usr\/lib\/(python3|wazo-plugind)|var\/lib\/(wdev|wazo-provd))/.test(name))
      .flatMap(([name]) => (known.has(name) || /^\/etc\/(passwd|group)$/.test(name) ? [] : [name]));
  }
}

/** Some of all orders of so many steps, always the same ones. */
function someOrders(length: number, every: number): readonly (readonly Step[])[] {
  const count = STEPS.length ** length;
  const orders: Step[][] = [];
  for (let index = every >> 1; index < count; index += every) {
    let rest = index;
    orders.push(
      Array.from({ length }, () => {
        const step = STEPS[rest % STEPS.length] as Step;
        rest = Math.floor(rest / STEPS.length);
        return step;
      }),
    );
  }
  return orders;
}

/** Plays an order, gives all back, and tells what is wrong then. */
async function play(order: readonly Step[]): Promise<readonly string[]> {
  const server = new Server();
  onTestFinished(() => server.box.remove());
  for (const step of order) await server.step(step);
  await server.restore();
  const wrong: string[] = [];
  const told = server.findings.map(({ code, message }) => `${code} ${message}`).join('\n');
  for (const line of server.unlike.split('\n')) {
    const file = /(\/.*?)(?: \(.*\))?$/.exec(line)?.[1];
    if (file !== undefined && !told.includes(file)) wrong.push(`not told: ${line}`);
  }
  const bad = server.findings.filter(({ level }) => level === 'error');
  wrong.push(...bad.map(({ code, message }) => `${code}: ${message}`));
  const allowed = server.isPackaged ? ['/etc/x.made'] : [];
  wrong.push(...server.strays.filter((name) => !allowed.includes(name)).map((name) => `stray: ${name}`));
  if (server.isPackaged) {
    const installed = server.text(`${HOME}/plugin.yml`).trim().replace('version: ', '');
    const made = existsSync(path.join(server.box.root, 'etc/x.made'))
      ? server.text('etc/x.made').trim()
      : 'nothing';
    if (made !== installed) wrong.push(`installed is ${installed}, and its install made ${made}`);
  }
  return wrong;
}

const EVERY = Number(process.env['WDEV_ORDERS'] ?? 0) || (isLong ? 97 : 997);

describe.skipIf(!canBox())('a server where wazo-plugind was before', () => {
  afterAll(() => made?.maker.remove());

  it.each([
    [['p1', 'w1'] as const],
    [['p1', 'w1', 'uninstall'] as const],
    [['p1', 'w1', 'p2'] as const],
    [['p1', 'w1', 'p2', 'w2'] as const],
    [['p1', 'w1', 'p1', 'w1'] as const],
    [['p1', 'w1', 'remove'] as const],
    [['p1', 'w1', 'remove', 'w2'] as const],
    [['w1', 'p2', 'w2', 'w1'] as const],
    [['p1', 'w2', 'leave', 'w1', 'leave', 'p2', 'w1'] as const],
  ])('loses nothing by %j and restore', async (order) => {
    expect(await play(order)).toEqual([]);
  });

  it('tells of packages that came, changed or went, and of what stays unlike them', async () => {
    const server = new Server();
    onTestFinished(() => server.box.remove());
    await server.step('p1');
    server.box.sh(`echo edited >>${DIALPLAN}/x.conf; rm ${DIALPLAN}/x-p1.conf`);
    await server.step('w1');
    await server.step('p2');
    await server.step('w2');
    const told = server.events.flatMap((event) => (event.event === 'finding' ? [event] : []));
    expect(told.map(({ code }) => code)).toEqual([
      'package-replaced',
      'package-changed',
      'package-replaced',
      'file-of-package',
    ]);
    expect(told[1]).toMatchObject({ plugin: 'acme/x', code: 'package-changed', level: 'info' });
    expect(told[1]?.message).toMatch(
      /^wazo-plugind-x-acme changed on the target from version 1 to 2: .* files of version 2/,
    );
    // of the version that serves, and never again of the one in between
    expect(server.text('var/log/x.log').trim().split('\n')).toEqual([
      'p1 install',
      'w1 install',
      'p2 install',
      'w2 install',
    ]);
    server.box.sh(`rm ${DIALPLAN}/x-same.conf`);
    await server.restore();
    expect(server.findings).toMatchObject([{ code: 'package-unlike', level: 'warning' }]);
    expect(server.findings[0]?.message).toBe(`${DIALPLAN}/x-same.conf is missing on the target`);
    expect(server.text('var/log/x.log')).toMatch(/w2 install\np2 install\n$/);
    expect(server.text(`${DIALPLAN}/x.conf`)).toBe('; p2\n');
  });

  it('names the packages whose files it replaces, in watch and in status', async () => {
    const server = new Server();
    onTestFinished(() => server.box.remove());
    await server.step('p1');
    await server.step('w2');
    const told = server.events.flatMap((event) => (event.event === 'finding' ? [event] : []));
    expect(told).toMatchObject([
      {
        plugin: 'acme/x',
        code: 'package-replaced',
        level: 'info',
        message: expect.stringContaining('as Debian package wazo-plugind-x-acme 1; '),
      },
      {
        plugin: 'acme/x',
        code: 'file-of-package',
        level: 'warning',
        message: expect.stringContaining('/etc/other.conf belongs to Debian package other 1: '),
      },
    ]);
    const { target } = await server.session();
    const report = await readStatus(target, []);
    expect(report.plugins[0]?.packages).toEqual([
      { name: 'wazo-plugind-x-acme', version: '1', own: true, files: 11, replaced: 9 },
      { name: 'other', version: '1', own: false, files: 1, replaced: 1 },
    ]);
    await server.uninstall();
    const { notInstalled } = await readStatus((await server.session()).target, [X]);
    expect(notInstalled).toMatchObject([
      { id: 'acme/x', package: { name: 'wazo-plugind-x-acme', version: '1' } },
    ]);
    await server.leave();
  });

  it('puts no file that stands there as it is staged, and takes off what the version does not have', async () => {
    const server = new Server();
    onTestFinished(() => server.box.remove());
    await server.step('p1');
    await server.step('w1');
    const plan = server.events.find((event) => event.event === 'plan');
    expect(plan?.actions).toContain(`remove ${DIALPLAN}/x-p1.conf`);
    expect(plan?.actions).not.toContain(`put ${DIALPLAN}/x-same.conf`);
    expect(plan?.actions).not.toContain(`put ${CODE}/same.py`);
    expect(existsSync(path.join(server.box.root, CODE, '__pycache__/same.cpython-311.pyc'))).toBe(true);
  });

  it('puts back at a removal what a later version did not have, and folders that were emptied', async () => {
    const server = new Server();
    onTestFinished(() => server.box.remove());
    await server.step('p1');
    await server.step('w1');
    // gone with the file in it, before any service reads it
    expect(existsSync(path.join(server.box.root, DRAWER))).toBe(false);
    await server.step('w2');
    await server.uninstall();
    expect(server.findings).toEqual([]);
    expect(server.unlike).toBe('');
    expect(server.text(`${DRAWER}/plugin-info`)).toBe('p1');
    expect(server.text(`${DIALPLAN}/x-p1.conf`)).toBe('; p1\n');
  });

  it('loses nothing in any order', async () => {
    const wrong: string[] = [];
    const orders = [...someOrders(4, EVERY)];
    for (const order of orders)
      wrong.push(...(await play(order)).map((what) => `${order.join(' ')}: ${what}`));
    figure(13, `${orders.length} orders: ${wrong.length} paths lost, or unlike dpkg -V and not named`);
    expect(wrong).toEqual([]);
  });
});
