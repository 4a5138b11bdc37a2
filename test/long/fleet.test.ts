import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RollEvent, ServerResult } from '../../src/fleet/events.ts';
import type { ServerStatus } from '../../src/fleet/status.ts';
import { downReal, type RealStack } from '../../src/stacks/real.ts';
import { servers, taggedPlugin } from '../support/fleet.ts';
import { inside } from '../support/machines.ts';
import { lacks } from '../support/needs.ts';
import { figure } from '../support/promises.ts';
import { BIN, GIT_IDENTITY, wdev } from '../support/wdev.ts';

const NAMES = [1, 2, 3, 4, 5].map((number) => `fleet-${number}-${process.pid}`);
const PACKAGE = 'wazo-plugind-hello-acme';
const MINUTES = 60_000;

/** Another file on a server that has an extension of 0.2.0 first, by its name: Asterisk keeps that one. */
const OTHER = '/etc/asterisk/extensions_extra.d/aaa-other.conf';

describe.skipIf(lacks('real', 'lint'))('five servers over ssh', () => {
  let folder: string;
  let stacks: readonly RealStack[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'wdev-fleet-'));
    stacks = await servers(NAMES, path.join(folder, 'hosts'));
    await taggedPlugin(path.join(folder, 'hello'), ['0.1.0', '0.2.0', '0.3.0']);
    const { status, stderr } = await wdev(['fleet', 'init', '--inventory', 'hosts'], { cwd: folder });
    expect(status, stderr).toBe(0);
    await rolled('0.1.0', '100%');
    expect(versions()).toEqual(['0.1.0', '0.1.0', '0.1.0', '0.1.0', '0.1.0']);
  }, 60 * MINUTES);

  afterAll(async () => {
    for (const name of NAMES) await downReal(name);
    rmSync(folder, { recursive: true, force: true });
  });

  const env = (): Record<string, string> => ({ ANSIBLE_HOME: path.join(folder, 'ansible') });

  /** The events of a roll-out that ended. */
  async function rolled(
    version: string,
    waves: string,
    ...more: readonly string[]
  ): Promise<readonly RollEvent[]> {
    const asked = ['--from', 'hello', '--waves', waves, '--json', ...more];
    const words = ['fleet', 'roll', `acme/hello=${version}`, ...asked];
    const { stdout, stderr } = await wdev(words, { cwd: folder, env: env() });
    const events = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as RollEvent]));
    expect(events.at(-1)?.event, stdout + stderr).toBe('ended');
    return events;
  }

  const results = (events: readonly RollEvent[]): readonly ServerResult[] =>
    events
      .flatMap((event) => (event.event === 'server' ? [event] : []))
      .toSorted((a, b) => (a.host < b.host ? -1 : 1));

  const ended = (events: readonly RollEvent[]): Extract<RollEvent, { event: 'ended' }> | undefined =>
    events.flatMap((event) => (event.event === 'ended' ? [event] : []))[0];

  /** The version that dpkg of each server has. */
  const versions = (): readonly string[] =>
    stacks.map((stack) => inside(stack, `dpkg-query -W -f '\${Version}' ${PACKAGE}`));

  /** How many extensions of the plugin each Asterisk has. */
  const extensions = (): readonly number[] =>
    stacks.map(
      (stack) =>
        inside(stack, "asterisk -rx 'dialplan show xivo-extrafeatures'").split('acme-hello.conf:').length - 1,
    );

  it(
    'a fault on the second: one has the new version, one the version before, three are untouched',
    async () => {
      writeFileSync(path.join(stacks[1]!.rootfs, OTHER), '[xivo-extrafeatures]\nexten => ***41,1,Busy()\n');
      const before = inside(
        stacks[2]!,
        'find / -xdev -newer /var/lib/wazo-fleet/key.asc -name "*acme*" | wc -l',
      );
      const events = await rolled('0.2.0', '1,25%,100%');
      expect(results(events).map(({ outcome }) => outcome)).toEqual([
        'done',
        'back',
        'untouched',
        'untouched',
        'untouched',
      ]);
      expect(versions()).toEqual(['0.2.0', '0.1.0', '0.1.0', '0.1.0', '0.1.0']);
      expect(extensions()).toEqual([4, 2, 2, 2, 2]);
      const [, second] = results(events);
      expect(events).toContainEqual(
        expect.objectContaining({ event: 'rehearsal', before: '0.1.0', version: '0.2.0', ok: true }),
      );
      expect(second).toMatchObject({ wave: 2, before: '0.1.0', after: '0.1.0' });
      expect(second?.why).toContain('***41');
      expect(second?.back.length).toBeGreaterThan(0);
      expect(second?.back.filter(({ ok }) => ok === false)).toEqual([]);
      expect(
        inside(stacks[2]!, 'find / -xdev -newer /var/lib/wazo-fleet/key.asc -name "*acme*" | wc -l'),
      ).toBe(before);
      const { done, back, untouched } = ended(events)!.counts;
      figure(15, `fault on the second of five: ${done} new, ${back} as before, ${untouched} untouched`);
    },
    60 * MINUTES,
  );

  it(
    'the same command goes on where the fault is gone, and once more changes nothing',
    async () => {
      rmSync(path.join(stacks[1]!.rootfs, OTHER));
      const first = await rolled('0.2.0', '2,100%', '--no-rehearse');
      expect(first.map(({ event }) => event)).not.toContain('rehearsal');
      expect(results(first).map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done', 'done', 'done']);
      expect(versions()).toEqual(['0.2.0', '0.2.0', '0.2.0', '0.2.0', '0.2.0']);
      const second = await rolled('0.2.0', '100%');
      expect(ended(second)).toMatchObject({ ok: true, changed: 0, counts: { done: 5 } });
    },
    60 * MINUTES,
  );

  it(
    'killed in the middle of a wave, the same command brings all to the end',
    async () => {
      const words = ['fleet', 'roll', 'acme/hello=0.3.0', '--from', 'hello', '--waves', '1,100%', '--json'];
      const child = spawn(process.execPath, [BIN, ...words], {
        cwd: folder,
        detached: true,
        stdio: 'ignore',
        env: { ...process.env, ...GIT_IDENTITY, ...env() },
      });
      const gone = new Promise((resolve) => child.once('exit', resolve));
      // a server of the second wave is about to change
      const isBegun = (): boolean =>
        stacks
          .slice(1)
          .some((stack) => existsSync(path.join(stack.rootfs, `var/lib/wazo-fleet/${PACKAGE}.before`)));
      while (!isBegun() && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 50));
      expect(child.exitCode).toBeNull();
      process.kill(-(child.pid ?? 0), 'SIGKILL');
      await gone;
      expect(inside(stacks[0]!, `dpkg-query -W -f '\${Version}' ${PACKAGE}`)).toBe('0.3.0');
      const events = await rolled('0.3.0', '1,100%');
      expect(results(events).map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done', 'done', 'done']);
      expect(
        results(events)
          .slice(1)
          .map(({ before }) => before),
      ).toEqual(['0.2.0', '0.2.0', '0.2.0', '0.2.0']);
      expect(versions()).toEqual(['0.3.0', '0.3.0', '0.3.0', '0.3.0', '0.3.0']);
      expect(extensions()).toEqual([6, 6, 6, 6, 6]);
      for (const stack of stacks)
        expect(existsSync(path.join(stack.rootfs, `var/lib/wazo-fleet/${PACKAGE}.before`))).toBe(false);
    },
    60 * MINUTES,
  );

  it(
    'says before an upgrade which server it would break, at the line that stands there',
    async () => {
      const conf = '/etc/asterisk/extensions_extra.d/acme-hello.conf';
      const file = path.join(stacks[2]!.rootfs, conf);
      const text = readFileSync(file, 'utf8');
      const asked = ['fleet', 'status', '--engine', '26.10', '--debian', '13'];
      try {
        writeFileSync(file, `${text}exten => ***49,1,Macro(hello)\n`);
        const table = await wdev(asked, { cwd: folder, env: env() });
        expect(table.status, table.stderr).toBe(1);
        expect(table.stdout).toMatch(/^✗ pbx3 .*breaks 1 .*acme\/hello 0\.3\.0$/m);
        expect(table.stdout).toMatch(/would break acme\/hello 0\.3\.0: .*acme-hello\.conf:\d+: Macro/);
        const { stdout } = await wdev([...asked, '--json'], { cwd: folder, env: env() });
        const { servers: answers } = JSON.parse(stdout) as { readonly servers: readonly ServerStatus[] };
        expect(
          answers.map(({ host, upgrade = [] }) => [host, ...upgrade.map(({ verdict }) => verdict)]),
        ).toEqual([
          ['pbx1', 'fits'],
          ['pbx2', 'fits'],
          ['pbx3', 'breaks'],
          ['pbx4', 'fits'],
          ['pbx5', 'fits'],
        ]);
        expect(answers[2]?.drift).toEqual([`${PACKAGE}: ${conf} is not that of the package`]);
        // the files of servers do not stay here
        expect(existsSync(path.join(folder, 'fleet/runs/status'))).toBe(false);
        const one = await wdev(['compat', '--target', `stack:${NAMES[2]}`, '--engine', '26.10']);
        expect(one.stdout, one.stderr).toContain(`${conf}:${text.split('\n').length}:`);
        expect(one.status).toBe(1);
      } finally {
        writeFileSync(file, text);
      }
    },
    60 * MINUTES,
  );

  it(
    'a repository that the key did not sign is refused, and no server changes',
    async () => {
      const file = path.join(folder, 'fleet/apt/public/dists/fleet/InRelease');
      const text = readFileSync(file, 'utf8');
      try {
        writeFileSync(file, text.replace('Codename: fleet', 'Codename: fleet2'));
        const events = await rolled('0.1.0', '100%');
        expect(results(events).map(({ outcome }) => outcome)).toEqual([
          'refused',
          'refused',
          'refused',
          'refused',
          'refused',
        ]);
        expect(results(events)[0]?.why).toMatch(/wazo-fleet|repository/);
        expect(versions()).toEqual(['0.3.0', '0.3.0', '0.3.0', '0.3.0', '0.3.0']);
      } finally {
        writeFileSync(file, text);
      }
    },
    60 * MINUTES,
  );
});
