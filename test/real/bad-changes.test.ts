import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { downReal, upReal, type RealStack } from '../../src/stacks/real.ts';
import { COMMAND_CHANGES, DISK_CHANGES, SERVICE_CHANGES } from '../support/bad-changes-real.ts';
import { DIALPLAN_CHANGES, DIALPLAN_REMARKS } from '../support/bad-changes-table.ts';
import { tryBadChange, tryRemark, type BadChange, type BadWorld } from '../support/bad-changes.ts';
import { inside as runInside } from '../support/machines.ts';
import { lacks } from '../support/needs.ts';
import { figure } from '../support/promises.ts';
import { Watch, makePlugin, project, wdevNow } from '../support/watch.ts';

const NAME = `test-bad-${process.pid}`;
const CHANGES = [...DIALPLAN_CHANGES, ...DISK_CHANGES, ...COMMAND_CHANGES, ...SERVICE_CHANGES];

/** Small file systems that can be full, a service with a unit, and a reload that can be held. */
const PREPARE = `mkdir -p /etc/demo-full /var/lib/wdev
mount -t tmpfs -o size=64k none /etc/demo-full
mkdir -p /etc/demo-full/taken/inside
mount -t tmpfs -o size=4m none /var/lib/wdev
cat >/usr/lib/systemd/system/wazo-calld.service <<END
[Service]
ExecStart=/usr/bin/calld-stub 9500
END
systemctl daemon-reload
cat >/usr/local/bin/hold-a-reload <<'END'
#!/bin/sh
while [ -e /run/hold ]; do sleep 0.1; done
echo ';'
END
chmod +x /usr/local/bin/hold-a-reload
echo '#exec /usr/local/bin/hold-a-reload' >/etc/asterisk/queues.d/99-hold.conf
`;

/** All that is served, under a heading each. */
const SERVED = `find /etc/asterisk /etc/demo-* /etc/wazo-* /usr/lib/python3/dist-packages/demo_* \\
  /usr/lib/wazo-plugind /usr/lib/systemd/system/wazo-calld* ! -path '*/__pycache__*' ! -type d \\
  -exec sha256sum {} + | sort -k 2
echo "== dialplan"; asterisk -rx 'dialplan show' | awk -v RS= "/created by 'pbx_config'/"
echo "== generated"; wazo-confgen asterisk/acme.conf
echo "== service"; systemctl is-active wazo-calld; bash -c 'cat </dev/tcp/127.0.0.1/9500'
`;

/** Without perl, the programs of the target do what a helper does with it. */
const FAR_ENDS: readonly (readonly [string, string, readonly BadChange[]])[] = [
  ['with perl', 'chmod 755 /usr/bin/perl', CHANGES],
  ['without perl', 'chmod 644 /usr/bin/perl', DISK_CHANGES],
];

describe.skipIf(lacks('real'))('promise 6, on a real stack', () => {
  const place = project();
  let stack: RealStack;
  let held = 0;

  const inside = (script: string): string => runInside(stack, script);
  const run = (script: string, from: 'target' | 'this machine'): void => {
    if (from === 'target') inside(script);
    else execFileSync('sh', ['-c', script], { env: { ...process.env, ROOT: stack.rootfs } });
  };

  beforeAll(async () => {
    stack = await upReal(NAME, { forUs: true });
    const stub = path.join(stack.rootfs, 'usr/bin/calld-stub');
    copyFileSync(path.join(import.meta.dirname, '../support/calld-stub.py'), stub);
    chmodSync(stub, 0o755);
    inside(PREPARE);
    writePlugins(place.dir);
  });

  afterAll(async () => {
    await downReal(NAME);
    await place.remove();
    const all = FAR_ENDS.reduce((sum, [, , changes]) => sum + changes.length, 0);
    figure(6, `${held} of ${all} bad changes on a real stack: said, the last good version serves`);
  });

  describe.each(FAR_ENDS)('%s', (_name, prepare, changes) => {
    let world: BadWorld;

    beforeAll(async () => {
      inside(prepare);
      const plugins = ['acme', 'hello', 'py'];
      const watch = new Watch([...plugins, '--target', `stack:${NAME}`], place.dir);
      world = { dir: place.dir, watch, served: () => ({ all: inside(SERVED) }), run };
      for (const _ of plugins) await watch.next('verified');
    });

    afterAll(async () => void (await world.watch.stop()));

    it.each(changes.map((change) => [change.name, change] as const))('%s', async (_change, change) => {
      await tryBadChange(world, change);
      held += 1;
    });

    it.each(changes === CHANGES ? DIALPLAN_REMARKS.map((change) => [change.name, change] as const) : [])(
      'takes what is only remarked upon: %s',
      async (_remark, change) => await tryRemark(world, change),
    );
  });
});

function writePlugins(dir: string): void {
  const hello = makePlugin(dir, 'hello');
  write(hello, {
    'etc/demo-full/data': 'data\n',
    'etc/demo-run/ok': 'yes\n',
    'etc/asterisk/res_parking.d/demo.conf': '; parking\n',
    'wdev.yml':
      'reload:\n  - path: /etc/demo-run/*\n    do:\n      - run: [grep, -q, "yes", /etc/demo-run/ok]\n',
  });
  wdevNow(['new', 'confgend', 'acme', '--namespace', 'demo', '--yes'], dir);
  wdevNow(['new', 'stack', 'py', '--namespace', 'demo', '--part', 'calld', '--yes'], dir);
  const py = path.join(dir, 'py');
  write(py, {
    'demo_py/calld/plugin.py': 'class Plugin:\n    def load(self, dependencies):\n        pass\n',
  });
  // drop-ins are part of the package
  const rules = path.join(py, 'wazo/rules');
  const text = readFileSync(rules, 'utf8');
  writeFileSync(
    rules,
    text.replace('        cp -R etc', '        [ ! -d usr ] || cp -R usr "${pkgdir:?}/"\n        cp -R etc'),
  );
}

function write(dir: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    writeFileSync(path.join(dir, name), text);
  }
}
