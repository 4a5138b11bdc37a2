import type { Command } from '../cli/commander.ts';
import { usageError } from '../support/errors.ts';

export function configure(command: Command): void {
  command
    .addHelpText(
      'after',
      '\nYour editor starts it; wdev editors shows how to set that up. Skips files over\n1 MB, with a message.',
    )
    .option('--stdio', 'use standard input and output; the default, accepted for editors that pass it')
    .action(async () => {
      if (process.stdin.isTTY)
        throw usageError('wdev lsp is started by an editor, not by hand', 'Connect an editor: wdev editors');
      const { serve } = await import('../editor/server.ts');
      serve();
    });
}
