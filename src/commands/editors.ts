import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Argument, type Command } from '../cli/commander.ts';
import { print, printContent } from '../terminal/output.ts';
import { packageVersion } from '../support/paths.ts';
import { makeFolders } from '../support/make-folders.ts';

const EDITORS = ['vscode', 'neovim', 'vim', 'emacs'] as const;

/** The programs of editors, where they are not called as the editor is. */
const PROGRAMS: Readonly<Record<string, string>> = { code: 'vscode', nvim: 'neovim', vi: 'vim' };

/** An editor by its name, or by that of its program. */
function editorArgument(): Argument {
  const argument = new Argument('[editor]', 'editor').choices(EDITORS).default(undefined, 'list them');
  const choose = argument.parseArg;
  return argument.argParser((given, before) => choose?.(PROGRAMS[given] ?? given, before));
}

export function configure(command: Command): void {
  command
    .addArgument(editorArgument())
    .option(
      '--out <folder>',
      'write them as files into this folder, over those there, instead of printing them',
    )
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
    makeFolders(path.dirname(full));
    writeFileSync(full, text);
  }
  print([...files.map((file) => `Wrote ${path.join(flags.out ?? '', file.name)}`), how]);
}
