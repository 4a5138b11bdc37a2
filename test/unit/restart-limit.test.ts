import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/support/paths.ts';
import { run, type RunResult } from '../../src/support/run.ts';
import { tempFolder } from '../support/temp.ts';

/** Runs wdev_restart with a systemctl that behaves as this shell text does; it also writes down what it is asked. */
async function restart(behaviour: string): Promise<{ result: RunResult; asked: string }> {
  const folder = tempFolder();
  mkdirSync(path.join(folder, 'bin'));
  const log = path.join(folder, 'asked');
  writeFileSync(path.join(folder, 'bin/systemctl'), `#!/bin/sh\necho "$*" >>${log}\n${behaviour}\n`, {
    mode: 0o755,
  });
  const scripts = path.join(packageRoot(), 'src/targets/far-end/services.sh');
  const result = await run(['sh', '-c', `. "$1"; wdev_restart wazo-confgend`, 'sh', scripts], {
    env: { PATH: `${folder}/bin:${process.env['PATH'] ?? ''}` },
  });
  // how a unit is, it looks as often as it needs
  return { result, asked: readFileSync(log, 'utf8').replaceAll(/^show .*\n/gm, '') };
}

const REFUSAL = `Job for wazo-confgend.service failed.
To force a start use "systemctl reset-failed wazo-confgend.service"
followed by "systemctl start wazo-confgend.service" again.`;

describe('wdev_restart', () => {
  it('restarts once when that goes well', async () => {
    const { result, asked } = await restart('exit 0');
    expect(result).toMatchObject({ status: 0, stdout: '' });
    expect(asked).toBe('reset-failed wazo-confgend\nrestart wazo-confgend\n');
  });

  it('resets the start limit that quick saves run into', async () => {
    const behaviour = `case $1 in
  reset-failed) : >"$0.reset" ;;
  restart) [ -e "$0.reset" ] || { echo '${REFUSAL}' >&2; exit 1; } ;;
esac`;
    const { result, asked } = await restart(behaviour);
    expect(result.status).toBe(0);
    expect(asked).toBe('reset-failed wazo-confgend\nrestart wazo-confgend\n');
  });

  it('does not try again when the service itself fails', async () => {
    const { result, asked } = await restart('echo "Job for wazo-confgend.service failed." >&2; exit 1');
    expect(result.status).toBe(1);
    expect(result.stdout).toContain('Job for wazo-confgend.service failed.');
    expect(asked).toBe('reset-failed wazo-confgend\nrestart wazo-confgend\n');
  });
});
