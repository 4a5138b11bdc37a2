import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const RULES = `#!/bin/sh
set -e
case "$1" in
  package)
    mkdir -p "$pkgdir/etc/asterisk/extensions_extra.d" "$pkgdir/usr/share/$NAME"
    cp etc/*.conf "$pkgdir/etc/asterisk/extensions_extra.d/"
    cp data/* "$pkgdir/usr/share/$NAME/"
    ;;
  build | install | uninstall | postrm) ;;
esac
`;

/** The size of a plugin. */
export interface PluginSize {
  /** Files of dialplan. */
  readonly dialplan: number;
  /** All files, with `wazo/plugin.yml` and `wazo/rules`. */
  readonly files: number;
}

/** A plugin whose files are copied as they are: dialplan, and data of 300 bytes a file. */
export function writePlugin(dir: string, { dialplan, files }: PluginSize): void {
  const name = path.basename(dir);
  mkdirSync(path.join(dir, 'wazo'), { recursive: true });
  mkdirSync(path.join(dir, 'etc'));
  mkdirSync(path.join(dir, 'data'));
  const manifest = `namespace: bench\nname: ${name}\nversion: '1.0'\nplugin_format_version: 1\n`;
  writeFileSync(path.join(dir, 'wazo/plugin.yml'), manifest);
  writeFileSync(path.join(dir, 'wazo/rules'), RULES.replaceAll('$NAME', `bench-${name}`), { mode: 0o755 });
  for (let at = 0; at < dialplan; at += 1)
    writeFileSync(
      path.join(dir, `etc/${name}-${at}.conf`),
      `[${name}-${at}]\nexten = s,1,NoOp(one)\nsame = n,Hangup()\n`,
    );
  for (let at = dialplan + 2; at < files; at += 1)
    writeFileSync(path.join(dir, `data/file-${at}.txt`), `${name} ${at}\n`.repeat(20));
}
