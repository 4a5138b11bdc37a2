import { chmodSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Attack } from '../attack.ts';
import type { Place } from '../place.ts';

/** Builds a plugin with these rules. */
async function buildWith(
  place: Place,
  rules: string,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const plugin = path.join(place.folder, 'hello');
  mkdirSync(path.join(plugin, 'wazo'), { recursive: true });
  writeFileSync(path.join(plugin, 'wazo/plugin.yml'), "name: hello\nnamespace: demo\nversion: '1'\n");
  writeFileSync(path.join(plugin, 'wazo/rules'), `#!/bin/sh\n${rules}\n`, { mode: 0o755 });
  chmodSync(path.join(plugin, 'wazo/rules'), 0o755);
  await place.wdev(['build', plugin], { env });
}

export const ATTACKS: readonly Attack[] = [
  {
    kind: 'sandbox',
    name: 'wazo/rules writes to a folder that is none of its business',
    guards: [
      {
        file: 'src/sandbox/run.js',
        from: 'const words = way === undefined ? command : enclosed(way, view, command);',
        to: 'const words = command;',
      },
    ],
    async run(place) {
      await buildWith(place, `echo "$1" >>'${place.canary}'`);
      return undefined;
    },
  },
  {
    kind: 'workspace',
    name: 'the folder for temporary files is a link that somebody made before',
    guards: [
      {
        file: 'src/support/temp-folder.js',
        from: 'if (!found.isDirectory() || !mine) {',
        to: 'if (false) {',
      },
    ],
    async run(place) {
      const temporary = path.join(place.folder, 'tmp');
      mkdirSync(temporary);
      chmodSync(place.home, 0o755);
      symlinkSync(place.home, path.join(temporary, `.wdev-${process.getuid?.() ?? 'own'}`));
      await buildWith(place, ':', { TMPDIR: temporary });
      return (statSync(place.home).mode & 0o777) === 0o755 ? undefined : 'what the link leads to was used';
    },
  },
  {
    kind: 'workspace',
    name: 'a link in the package leads what wdev adds to it elsewhere',
    guards: [
      {
        file: 'src/stage/folder-below.js',
        from: "else if (part === '..' || !found.isDirectory())",
        to: 'else if (false)',
      },
    ],
    async run(place) {
      await buildWith(place, `[ "$1" != package ] || ln -s '${place.home}' "$pkgdir/usr"`);
      return readdirSync(place.home).includes('lib') ? 'files of the plugin in the home folder' : undefined;
    },
  },
];
