import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { LspClient } from '../support/lsp-client.ts';
import { save } from '../support/save.ts';
import { makePlugin, project } from '../support/watch.ts';
import { startWatch } from '../support/watching.ts';

interface Lens {
  readonly range: { readonly start: { readonly line: number } };
  readonly command: {
    readonly title: string;
    readonly command: string;
    readonly arguments: readonly string[];
  };
}

it('shows what the target serves while a watch runs beside it', async () => {
  const folder = project();
  const { dir } = folder;
  const plugin = makePlugin(dir, 'hello');
  const file = path.join(plugin, 'etc/asterisk/extensions_extra.d/demo-hello.conf');
  const text = readFileSync(file, 'utf8');
  const client = new LspClient();
  await client.start();
  const uri = client.open(file, text);
  const lenses = async (): Promise<readonly Lens[]> => {
    const found = (await client.ask('textDocument/codeLens', { textDocument: { uri } })) as Lens[];
    return found.filter(({ command }) => command.command === 'wdev.served');
  };
  const until = async (wanted: RegExp): Promise<void> =>
    await vi.waitFor(async () => expect((await lenses())[0]?.command.title).toMatch(wanted), {
      timeout: 120_000,
      interval: 100,
    });
  try {
    expect(await lenses()).toEqual([]);
    const watch = startWatch(dir, ['hello', '--target', 'embedded']);
    onTestFinished(() => watch.stop());
    await watch.next(({ event }) => event === 'verified');
    await until(/^embedded.* serves demo\/hello 0\.1\.0, verified \d\d:\d\d:\d\d$/);
    const line = text.split('\n').indexOf('[demo-hello]');
    expect((await lenses()).find(({ range }) => range.start.line === line)?.command.title).toMatch(
      /serves demo-hello: s$/,
    );
    client.type(uri, `${text}; more\n`);
    await until(/; this text is not saved$/);
    client.type(uri, text);

    const refused = watch.next(({ event }) => event === 'failed');
    save(file, text.replace('same = n,Hangup', 'same n,Hangup'));
    await refused;
    await until(/verified .*; the save of .* was refused: dialplan-no-equals$/);
    const [first] = await lenses();
    const said = (await client.ask('workspace/executeCommand', {
      command: 'wdev.served',
      arguments: first?.command.arguments,
    })) as string[];
    expect(said.join('\n')).toContain('demo-hello: s');

    await watch.stop();
    expect(await lenses()).toEqual([]);
  } finally {
    client.kill();
    await folder.remove();
  }
});
