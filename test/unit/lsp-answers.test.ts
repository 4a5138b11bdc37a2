/** Answers to an editor do not grow beyond what somebody looks at, however many parts a text has. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { LspClient } from '../support/lsp-client.ts';
import { writePlugin } from '../support/plugins.ts';
import { tempFolder } from '../support/temp.ts';

const SIZE = 960_000;

/** Files that are full of what an answer has an entry for, and a place in them. */
const FULL: Readonly<Record<string, readonly [string, number, number]>> = {
  'wazo/plugin.yml': ['a:\n', 3, 0],
  'wdev.yml': ['a:\n', 3, 0],
  'etc/asterisk/extensions_extra.d/a.conf': ['[a]\nexten=s,1,Goto(a,s,1)\n', 1, 16],
  'etc/asterisk/pjsip.d/a.conf': ['[a]\naors=a\n', 1, 5],
  'wazo/rules': ['f() { f; }\n', 3, 6],
  'setup.py': ["'wazo_calld.plugins': ['a = a:A'],\n", 3, 3],
};

it.each(Object.keys(FULL))('of a long %s', async (name) => {
  const [piece, line, character] = FULL[name] ?? ['', 0, 0];
  const folder = tempFolder();
  writePlugin(folder);
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  const text = piece.repeat(SIZE / piece.length);
  writeFileSync(file, text);
  const client = new LspClient();
  try {
    await client.start();
    const uri = client.open(file, text);
    const asked = {
      textDocument: { uri },
      position: { line, character },
      context: { includeDeclaration: true },
      newName: 'b',
      range: { start: { line: 0, character: 0 }, end: { line: 1_000_000, character: 0 } },
    };
    for (const what of [
      'documentSymbol',
      'foldingRange',
      'codeLens',
      'references',
      'definition',
      'completion',
      'rename',
      'codeAction',
    ]) {
      const answer = await client.ask(`textDocument/${what}`, asked).catch(() => undefined);
      // each place of a rename is one that has to change
      const most = (what === 'rename' ? 8 : 2) * SIZE;
      expect([what, (JSON.stringify(answer) ?? '').length < most]).toEqual([what, true]);
    }
  } finally {
    client.kill();
    await client.exited;
  }
});
