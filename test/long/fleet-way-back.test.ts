import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RollEvent } from '../../src/fleet/events.ts';
import { keepAim } from '../../src/fleet/status.ts';
import { readWanted } from '../../src/fleet/version.ts';
import { proveWayBack } from '../../src/fleet/way-back.ts';
import { readPlugin } from '../../src/kinds/discover.ts';
import { buildPackage } from '../../src/package/build.ts';
import { rollLines } from '../support/fleet.ts';
import { lacks } from '../support/needs.ts';
import { tempFolder } from '../support/temp.ts';

/** Its `install` refuses to run over what a newer version converted. */
const RULES = `#!/bin/sh
case "$1" in
    build) ;;
    package) install -D -m 644 words "$pkgdir/usr/share/acme/words" ;;
    install)
        mkdir -p /var/lib/acme
        if [ "$(cat /var/lib/acme/form 2>/dev/null || echo 0)" -gt FORM ]; then
            echo "the data is of a newer version" >&2
            exit 1
        fi
        echo FORM >/var/lib/acme/form
        ;;
esac
`;

/** The folder of a fleet whose repository has versions of a plugin, each with the form of its data. */
async function fleetWith(versions: Readonly<Record<string, number>>): Promise<string> {
  const dir = tempFolder();
  const pool = path.join(dir, 'apt/public/pool/main/w');
  for (const [version, form] of Object.entries(versions)) {
    const plugin = path.join(dir, `hello-${version}`);
    mkdirSync(path.join(plugin, 'wazo'), { recursive: true });
    writeFileSync(path.join(plugin, 'words'), `${version}\n`);
    writeFileSync(path.join(plugin, 'wazo/rules'), RULES.replaceAll('FORM', String(form)), { mode: 0o755 });
    writeFileSync(
      path.join(plugin, 'wazo/plugin.yml'),
      `name: hello\nnamespace: acme\nversion: "${version}"\nplugin_format_version: 2\n`,
    );
    const built = await buildPackage(readPlugin(plugin)!, pool);
    expect(built.ok, JSON.stringify(built.findings)).toBe(true);
  }
  return dir;
}

describe.skipIf(lacks('real'))('the way back, before a roll-out', () => {
  const tried = async (dir: string, wanted: string): Promise<readonly RollEvent[]> => {
    const events: RollEvent[] = [];
    const emit = (event: RollEvent): void => void events.push(event);
    await proveWayBack({
      dir,
      wanted: readWanted(wanted),
      there: undefined,
      emit,
      onProgress: () => undefined,
      signal: new AbortController().signal,
    }).catch((error: unknown) => {
      events.push({ event: 'ended', ok: false, counts: {} as never, changed: 0 });
      expect(error).toMatchObject({ code: 'way-back-fails' });
    });
    return events;
  };

  it('is taken on a stack, and told with the version whose postinst runs', async () => {
    const dir = await fleetWith({ '0.1.0': 1, '0.2.0': 1 });
    keepAim(dir, readWanted('acme/hello=0.1.0'));
    const [event, ...more] = await tried(dir, 'acme/hello=0.2.0');
    expect([event, more]).toMatchObject([
      { event: 'rehearsal', before: '0.1.0', version: '0.2.0', ok: true },
      [],
    ]);
    expect(rollLines(event!).join('\n')).toMatch(
      /^✓ rehearsed .*\n {2}A rollback runs the postinst of 0\.1\.0 again\.$/,
    );
    // a downgrade that was asked for is the same way
    keepAim(dir, readWanted('acme/hello=0.2.0'));
    expect(await tried(dir, 'acme/hello=0.1.0')).toMatchObject([
      { before: '0.2.0', version: '0.1.0', ok: true },
    ]);
    expect(await tried(dir, 'acme/hello=0.2.0')).toEqual([]);
  });

  it('that fails is refused with what the postinst said, before any server is touched', async () => {
    const dir = await fleetWith({ '0.1.0': 1, '0.2.0': 2 });
    const events = await tried(dir, 'acme/hello=0.2.0');
    expect(events).toMatchObject([
      { event: 'rehearsal', ok: false, note: 'dpkg fails when 0.1.0 is installed over 0.2.0' },
      { event: 'ended' },
    ]);
    expect(rollLines(events[0]!).join('\n')).toContain('the data is of a newer version');
    // asked for, the downgrade itself fails
    keepAim(dir, readWanted('acme/hello=0.2.0'));
    expect(await tried(dir, 'acme/hello=0.1.0')).toMatchObject([
      { note: 'dpkg fails when 0.1.0 is installed over 0.2.0' },
      { event: 'ended' },
    ]);
    expect(readFileSync(path.join(dir, 'wanted.json'), 'utf8')).toContain('0.2.0');
  });
});
