import type { Command } from '../cli/commander.ts';
import { jsonOption } from '../cli/options.ts';
import { print, printJson } from '../terminal/output.ts';

export function configure(command: Command): void {
  command.addOption(jsonOption()).action(async (flags) => {
    const { diagnose } = await import('../stacks/doctor.ts');
    const report = await diagnose();
    if ((flags as { json?: true }).json) return printJson(report);
    const { paint } = await import('../terminal/paint.ts');
    for (const { ready, title, missing } of report.abilities) {
      print([`${ready ? paint.green('ok     ') : paint.yellow('missing')}  ${title}`]);
      for (const lack of missing) {
        const without = lack.better === undefined ? '' : ` (with it ${lack.better})`;
        print([`         ${lack.what}${without}`]);
        if (lack.debian === undefined) print(lack.remedy.split('\n').map((line) => `           ${line}`));
      }
    }
    if (report.install !== undefined) print(['', 'To install what is missing:', `  ${report.install}`]);
  });
}
