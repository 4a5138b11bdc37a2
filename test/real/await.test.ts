import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downReal, realShell, upReal } from '../../src/stacks/real.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { run } from '../../src/support/run.ts';
import { lacks } from '../support/needs.ts';

const NAME = `await-${process.pid}`;
const LIBRARY = ['library.sh', 'services.sh']
  .map((name) => readFileSync(path.join(packageRoot(), 'src/targets/far-end', name), 'utf8'))
  .join('\n');

describe.skipIf(lacks('real'))('restarts of units, and the wait for them', () => {
  let shell: readonly [string, ...string[]];

  beforeAll(async () => {
    shell = realShell(await upReal(NAME, { forUs: true })).argv;
  });

  afterAll(async () => await downReal(NAME));

  /** Restarts a unit that runs this program, and waits for it; gives the status of the wait. */
  async function awaited(unit: string, program: string, more = '', meanwhile = ''): Promise<number> {
    const script = `R=
${LIBRARY}
${meanwhile}
printf '[Service]\\nExecStart=/bin/sh -c "${program}"\\n${more}' >/run/systemd/system/${unit}.service
systemctl daemon-reload && systemctl restart ${unit} && wdev_await ${unit} no`;
    return (await run(shell, { input: script })).status;
  }

  /** A program that ends, and shell text in which it does so between two looks at the unit, however slow these are. */
  function endsBetweenLooks(unit: string): readonly [string, string] {
    const file = `/run/${unit}`;
    const ended = `systemctl show -p ActiveState -p NRestarts ${unit} | grep -q 'failed\\|NRestarts=[1-9]'`;
    const meanwhile = `wdev_seen() ${/^wdev_unit\(\) (.*)$/m.exec(LIBRARY)?.[1] ?? ''}
wdev_unit() {
  echo >>${file}-looks
  if [ "$(wc -l <${file}-looks)" = 3 ]; then touch ${file}-ends; until ${ended}; do sleep 0.05; done; fi
  wdev_seen "$@"
}`;
    return [`until [ -e ${file}-ends ]; do sleep 0.05; done; exit 1`, meanwhile];
  }

  it('believes one that runs on', async () => {
    expect(await awaited('steady', 'sleep infinity')).toBe(0);
  });

  it('does not believe one that fails after an import’s time', async () => {
    const [program, meanwhile] = endsBetweenLooks('short');
    expect(await awaited('short', program, '', meanwhile)).toBe(1);
  });

  it('does not believe one that systemd starts again and again', async () => {
    const [program, meanwhile] = endsBetweenLooks('flapping');
    expect(await awaited('flapping', program, 'Restart=always\\nRestartSec=0\\n', meanwhile)).toBe(1);
  });

  it('believes one that was fixed while systemd was about to start it again', async () => {
    const { stdout } = await run(shell, {
      input: `R=
${LIBRARY}
unit() { printf '[Service]\\nExecStart=/bin/sh -c "%s"\\nRestart=on-failure\\nRestartSec=900\\n' "$1" >/run/systemd/system/fixed.service; systemctl daemon-reload; }
state() { until [ "$(systemctl show -P SubState fixed)" = "$1" ]; do sleep 0.05; done; }
unit 'exit 1'; systemctl start fixed; state auto-restart
unit 'sleep infinity'
if wdev_restart fixed && wdev_await fixed no; then echo fixed; fi
unit 'exit 1'
if wdev_restart fixed && wdev_await fixed no; then echo broken; fi
state auto-restart; unit 'sleep infinity'
wdev_restart_together fixed /var/log/fixed.log
if wdev_together fixed && wdev_await fixed no; then echo together; fi`,
    });
    expect(stdout.trim().split('\n')).toEqual(['fixed', 'together']);
  });

  it('does not wait for a command that waits for the port of a service that has ended', async () => {
    const { stdout } = await run(shell, {
      input: `R=
${LIBRARY}
printf '[Service]\\nExecStart=/bin/sh -c "echo the reason >&2; exit 3"\\nExecStartPost=/bin/sleep infinity\\nTimeoutStartSec=infinity\\n' >/run/systemd/system/waiting.service
systemctl daemon-reload
wdev_restart waiting >/dev/null; echo "$?"; wdev_journal; systemctl show -P ExecMainStatus waiting`,
    });
    expect(stdout.trim().split('\n')).toEqual(['1', 'the reason', '3']);
  });

  it('tells a unit that somebody stopped from one that ended by itself', async () => {
    const { stdout } = await run(shell, {
      input: `R=
${LIBRARY}
unit() { printf '[Service]\\nExecStart=/bin/sh -c "%s"\\n' "$2" >/run/systemd/system/$1.service; }
unit stays 'trap \\"exit 0\\" TERM; while :; do sleep 0.1; done'
unit ends 'while [ ! -e /run/end ]; do sleep 0.05; done'
systemctl daemon-reload
say() { if wdev_stopped "$1"; then echo "$1: left"; else echo "$1: restarted"; fi; }
gone() { while [ "$(systemctl show -p ActiveState --value $1)" != inactive ]; do sleep 0.05; done; }
say stays
systemctl start stays; say stays
systemctl stop stays; say stays
end() { touch /run/end; gone ends; rm /run/end; }
systemctl start ends; end; say ends
systemctl start ends; systemctl stop ends; say ends
systemctl restart ends; end; say ends`,
    });
    expect(stdout.trim().split('\n')).toEqual([
      'stays: restarted',
      'stays: restarted',
      'stays: left',
      'ends: restarted',
      'ends: left',
      'ends: restarted',
    ]);
  });
});
