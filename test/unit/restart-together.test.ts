import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createPlugin } from '../../src/create/create.ts';
import { effectScripts } from '../../src/effects/scripts.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { run } from '../../src/support/run.ts';
import type { Effect } from '../../src/wazo/effect.ts';
import { tempFolder } from '../support/temp.ts';

const PLACES = { target: { id: 'test', root: '' }, facts: {} } as unknown as Parameters<
  typeof effectScripts
>[0];

/**
 * Runs restarts against a systemctl whose units are files with the number of their starts; those of `dead` are not
 * started, and those of `stopped` somebody turned off. Gives what systemctl was told to restart.
 */
async function restarts(
  units: readonly string[],
  {
    dead = [],
    stopped = [],
  }: { readonly dead?: readonly string[]; readonly stopped?: readonly string[] } = {},
): Promise<readonly string[]> {
  const folder = tempFolder();
  for (const name of ['bin', 'units', 'off', 'dead']) mkdirSync(path.join(folder, name));
  for (const unit of units) writeFileSync(path.join(folder, 'units', unit), '1\n');
  for (const unit of stopped) writeFileSync(path.join(folder, 'off', unit), '');
  for (const unit of dead) writeFileSync(path.join(folder, 'dead', unit), '');
  const systemctl = `#!/bin/sh
cd ${folder}
case $1 in
  show)
    for unit; do :; done
    case "$*" in
      "show -p InvocationID "*) echo "InvocationID=$(cat units/$unit)" ;;
      *) if [ -e off/$unit ]; then printf 'ActiveState=inactive\\nUnitFileState=disabled\\n'; else printf 'ActiveState=active\\nMainPID=1\\nNRestarts=0\\nSubState=running\\nExecMainPID=1\\n'; fi ;;
    esac ;;
  restart)
    echo "$*" >>asked
    shift
    for unit; do [ -e dead/$unit ] || echo 2 >units/$unit; done ;;
esac
`;
  writeFileSync(path.join(folder, 'bin/systemctl'), systemctl, { mode: 0o755 });
  writeFileSync(path.join(folder, 'bin/journalctl'), '#!/bin/sh\n', { mode: 0o755 });
  const effects = units.map((unit) => {
    const effect: Effect = { do: 'restart', unit };
    return { effect, plugins: [], because: 'a test' };
  });
  const scripts = effectScripts(PLACES, { effects, changes: [], contexts: [] });
  const far = path.join(packageRoot(), 'src/targets/far-end');
  const head = `R=; __helper=; __marks=; . ${far}/library.sh; . ${far}/services.sh; wdev_section() { :; }; wdev_ask() { return 125; }; wdev_listens() { return 0; }`;
  const { stderr } = await run(['sh', '-c', `${head}\n${scripts.join('\n')}`], {
    env: { PATH: `${folder}/bin:${process.env['PATH'] ?? ''}` },
  });
  expect(stderr).toBe('');
  return readFileSync(path.join(folder, 'asked'), 'utf8').trim().split('\n');
}

describe('restarts of a batch', () => {
  it('happen once each, and at once where no service calls another one at its start', async () => {
    const called = ['wazo-confgend', 'wazo-auth', 'wazo-confd'];
    const free = ['wazo-agentd', 'wazo-dird', 'wazo-calld', 'wazo-chatd'];
    expect(await restarts([...called, ...free])).toEqual([
      ...called.map((unit) => `restart ${unit}`),
      `restart ${free.join(' ')}`,
    ]);
    expect(await restarts(['wazo-calld'])).toEqual(['restart wazo-calld']);
  });

  it('come again in its turn for one that systemd did not restart, and never for one that somebody stopped', async () => {
    const units = ['wazo-agentd', 'wazo-dird', 'wazo-calld'];
    expect(await restarts(units, { dead: ['wazo-dird'] })).toEqual([
      'restart wazo-agentd wazo-dird wazo-calld',
      'restart wazo-dird',
    ]);
    expect(await restarts(units, { stopped: ['wazo-agentd'] })).toEqual(['restart wazo-dird wazo-calld']);
  });
});

describe('rules install of a new plugin', () => {
  it('restarts each service once, and at once those that call no other one when they start', async () => {
    const folder = tempFolder();
    const dir = path.join(folder, 'plugin');
    const parts = ['auth-http', 'confd', 'agentd', 'dird-view', 'calld', 'call-logd', 'chatd'];
    await createPlugin({
      template: 'stack',
      answers: { name: 'seven', namespace: 'demo', parts },
      dir,
      git: false,
    });
    const free = ['wazo-agentd', 'wazo-dird', 'wazo-calld', 'wazo-call-logd', 'wazo-chatd'];
    // a restart of one of them ends when all of them have begun
    const systemctl = `#!/bin/sh
cd ${folder}
case $1 in
  is-active) echo active ;;
  restart)
    echo "$2" >>asked
    case " ${free.join(' ')} " in *" $2 "*)
      tries=0
      until [ "$(grep -cE '^(${free.join('|')})$' asked)" = ${free.length} ]; do
        tries=$((tries + 1)); [ $tries -lt 1200 ] || { echo "$2 waits for others" >>asked; exit 1; }
        sleep 0.05
      done ;;
    esac ;;
esac
`;
    const bin = path.join(folder, 'bin');
    mkdirSync(bin);
    writeFileSync(path.join(bin, 'systemctl'), systemctl, { mode: 0o755 });
    // the caches of this machine are not meant
    writeFileSync(path.join(bin, 'rm'), '#!/bin/sh\n', { mode: 0o755 });
    // whether it is failed is asked where a port does not answer: then nobody waits for it
    const { status } = await run(['sh', path.join(dir, 'wazo/rules'), 'install'], {
      env: { PATH: `${bin}:${process.env['PATH'] ?? ''}` },
    });
    expect(status).toBe(0);
    const asked = readFileSync(path.join(folder, 'asked'), 'utf8').trim().split('\n');
    expect(asked.slice(0, 2)).toEqual(['wazo-auth', 'wazo-confd']);
    expect(asked.slice(2).sort()).toEqual([...free].sort());
  });

  it('has nothing to wait for where it restarts one service', async () => {
    const dir = path.join(tempFolder(), 'plugin');
    await createPlugin({
      template: 'stack',
      answers: { name: 'one', namespace: 'demo', parts: ['confd', 'calld'] },
      dir,
      git: false,
    });
    const rules = readFileSync(path.join(dir, 'wazo/rules'), 'utf8');
    expect(rules).toContain('    restart wazo-confd 9486\n    restart wazo-calld 9500\n}');
  });
});
