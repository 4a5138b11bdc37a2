import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Argument, type Command } from '../cli/commander.ts';
import { print, printContent } from '../terminal/output.ts';
import { packageVersion } from '../support/paths.ts';

const EDITORS = ['vscode', 'neovim', 'vim', 'emacs'] as const;

export function configure(command: Command): void {
  command
    .addArgument(new Argument('[editor]', 'the editor; all are listed unless told').choices(EDITORS))
    .option('--out <folder>', 'write the files there instead of printing them')
    .action(editors);
}

async function editors(name: (typeof EDITORS)[number] | undefined, flags: { out?: string }): Promise<void> {
  const { editorsOf } = await import('../editor/editors.ts');
  const known = editorsOf(packageVersion());
  if (name === undefined) {
    print(EDITORS.map((one) => `${`wdev editors ${one}`.padEnd(22)} ${known[one].title}`));
    return;
  }
  const { how, files } = known[name];
  if (flags.out === undefined) {
    for (const file of files)
      printContent(files.length > 1 ? `==> ${file.name} <==\n${file.text}` : file.text);
    return;
  }
  for (const { name: inside, text } of files) {
    const full = path.join(flags.out, inside);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, text);
  }
  print([...files.map((file) => `Wrote ${path.join(flags.out ?? '', file.name)}`), how]);
}
