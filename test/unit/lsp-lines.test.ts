/** Lines of others that an editor shows: what is told at the end of each takes no time, however it repeats itself. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { LspClient } from '../support/lsp-client.ts';
import { writePlugin } from '../support/plugins.ts';
import { tempFolder } from '../support/temp.ts';

/** A file of each kind, with a beginning of the lines that it has. */
const FILES: Readonly<Record<string, readonly string[]>> = {
  'etc/asterisk/extensions_extra.d/a.conf': ['', 'exten = s,1,Goto(', 'exten = ', 'include = '],
  'etc/asterisk/pjsip.d/a.conf': ['', '[a](', 'auth = '],
  'etc/wazo-auth/conf.d/a.yml': ['', 'acl: '],
  'etc/wazo-confd/conf.d/a.yml': ['', 'enabled_plugins: '],
  'setup.py': ['', "'wazo_calld.plugins': ["],
  'acme_hello/plugin.py': ['', '@required_acl('],
  'wazo/plugin.yml': ['', 'name: '],
  'wazo/rules': ['', 'systemctl ', 'systemctl restart ', 'asterisk -rx "'],
  'wdev.yml': ['', 'reload: '],
};

/** The pieces that a line repeats. */
const PIECES =
  `-|.| |a|a-|a.| -| ---a| --a| a|- |[|(|\${|,|:|=|"|'|Goto(a,s,1)|Goto(|wazo_a.|systemctl -a |reload -|a = b:C |'a' |\\|#| \t`.split(
    '|',
  );

describe('what an editor is told at the end of a line', () => {
  it.each(Object.keys(FILES))('of %s, however long and whatever it repeats', async (name) => {
    const folder = tempFolder();
    writePlugin(folder);
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, '');
    const client = new LspClient();
    try {
      await client.start();
      const uri = client.open(file, '');
      for (const start of FILES[name] ?? [])
        for (const piece of PIECES)
          for (const size of [150, 8000, 500_000]) {
            const line = `${start}${piece.repeat(size / piece.length)}`;
            // the same line above it, which tells of it
            client.type(uri, `${line}!\n  ${line}!`);
            const asked = { textDocument: { uri }, position: { line: 1, character: line.length + 3 } };
            const before = client.processorTime();
            const told = Promise.all(
              ['completion', 'hover', 'definition', 'prepareRename', 'documentSymbol', 'codeLens'].map(
                async (what) => await client.ask(`textDocument/${what}`, asked).catch(() => undefined),
              ),
            );
            const isTold = await Promise.race([
              told.then(() => true),
              new Promise((resolve) => setTimeout(resolve, 120_000, false)),
            ]);
            const what = `${JSON.stringify(`${start}${piece}`)} to ${size} characters`;
            expect([what, isTold, client.processorTime() - before < 1500]).toEqual([what, true, true]);
          }
    } finally {
      client.kill();
    }
  });
});
