import type { Command } from '../cli/commander.ts';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../support/errors.ts';
import { isTerminal, print } from '../terminal/output.ts';
import { packageRoot } from '../support/paths.ts';

interface GuideFlags {
  readonly path?: true;
}

export function configure(command: Command): void {
  command
    .option('--path', 'print the path of the guide; do not open it')
    .action(async (flags: GuideFlags) => {
      const file = path.join(packageRoot(), 'dist/guide/index.html');
      if (!existsSync(file)) {
        throw new UserError('no-guide', 'the guide was not made yet', {
          help: 'In a clone of the project: npm run guide',
        });
      }
      print([file], { fit: false });
      if (flags.path === true || !isTerminal()) return;
      const { openInBrowser } = await import('../support/browser.ts');
      if (!(await openInBrowser(file))) print(['Open it in a browser.']);
    });
}
