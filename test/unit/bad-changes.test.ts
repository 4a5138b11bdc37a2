import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { tryBadChange, tryRemark, type BadWorld } from '../support/bad-changes.ts';
import {
  DIALPLAN_CHANGES,
  DIALPLAN_REMARKS,
  HOOK_CHANGES,
  PACKAGE_CHANGES,
  PYTHON_CHANGES,
} from '../support/bad-changes-table.ts';
import { figure } from '../support/promises.ts';
import { snapshot } from '../support/target.ts';
import { Watch, makePlugin, project, wdevNow } from '../support/watch.ts';

const CHANGES = [...DIALPLAN_CHANGES, ...PACKAGE_CHANGES, ...HOOK_CHANGES, ...PYTHON_CHANGES];
const PLUGINS = ['acme', 'hello', 'py', 'siemens'];

/** State, logs, what Python compiled: they tell nothing of what is served. */
const ASIDE = /^\/var\/(?:lib\/wdev|log|cache)\b|__pycache__/;

describe('promise 6, on the embedded stack', () => {
  const place = project();
  let world: BadWorld;
  let held = 0;

  beforeAll(async () => {
    makePlugin(place.dir, 'hello');
    wdevNow(['new', 'stack', 'py', '--namespace', 'demo', '--part', 'calld', '--yes'], place.dir);
    wdevNow(['new', 'confgend', 'acme', '--namespace', 'demo', '--yes'], place.dir);
    wdevNow(['new', 'call-logger', 'siemens', '--namespace', 'demo', '--yes'], place.dir);
    writeFileSync(path.join(place.dir, 'wdev.yml'), 'hooks:\n  before:\n    - [sh, check]\n');
    const hook = 'if grep -rq "not like this" hello/etc; then echo "not like this"; exit 3; fi\n';
    writeFileSync(path.join(place.dir, 'check'), hook);
    const watch = new Watch([...PLUGINS, '--trust'], place.dir);
    for (const _ of PLUGINS) await watch.next('verified', 300_000);
    const stack = path.join(place.dir, '.wdev/stack');
    const ask = (program: string, ...args: readonly string[]): string =>
      execFileSync(path.join(stack, 'bin', program), args, { encoding: 'utf8' });
    const served = (): Record<string, string> => ({
      ...Object.fromEntries([...snapshot(path.join(stack, 'root'))].filter(([name]) => !ASIDE.test(name))),
      dialplan: ask('asterisk', '-rx', 'dialplan show'),
      generated: ask('wazo-confgen', 'asterisk/acme.conf'),
      services: ask('systemctl', 'is-active', 'wazo-calld') + ask('systemctl', 'is-active', 'call-logger'),
    });
    world = { dir: place.dir, watch, served };
  });

  afterAll(async () => {
    await world.watch.stop();
    await place.remove();
    figure(
      6,
      `${held} of ${CHANGES.length} bad changes on the embedded stack: said, the last good version serves`,
    );
  });

  it.each(CHANGES.map((change) => [change.name, change] as const))('%s', async (_name, change) => {
    await tryBadChange(world, change);
    held += 1;
  });

  it.each(DIALPLAN_REMARKS.map((change) => [change.name, change] as const))(
    'takes what is only remarked upon: %s',
    async (_name, change) => await tryRemark(world, change),
  );
});
