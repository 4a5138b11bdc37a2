import path from 'node:path';
import type { Command } from 'commander';

const DETAILS = `
Takes back what the last wdev migrate wrote, exactly. A file that was changed since is named, and nothing is written.`;

export function configure(command: Command): void {
  command
    .argument('[path]', 'folder of a plugin (default: this folder)')
    .addHelpText('after', DETAILS)
    .action(async (folder: string | undefined) => {
      const { undoLast } = await import('../scaffold/undo.ts');
      const { did, edits } = await undoLast(path.resolve(folder ?? '.'));
      process.stdout.write(`Taken back: ${did}, ${edits.length} file${edits.length === 1 ? '' : 's'}\n`);
    });
}
