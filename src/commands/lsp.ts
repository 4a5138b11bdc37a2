import type { Command } from '../cli/commander.ts';
import { usageError } from '../support/errors.ts';

export function configure(command: Command): void {
  command
    .addHelpText(
      'after',
      '\nAn editor starts it; wdev editors says how. It reads texts of up to 1 MB, and\nsays so of a larger one.',
    )
    .option('--stdio', 'speak on standard input and output, as it does anyway')
    .action(async () => {
      if (process.stdin.isTTY)
        throw usageError(
          'an editor starts wdev lsp, and speaks to it',
          'wdev editors shows how to connect one.',
        );
      const { serve } = await import('../editor/server.ts');
      serve();
    });
}
