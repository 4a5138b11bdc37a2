import type { Command } from 'commander';
import { jsonOption } from '../cli/options.ts';
import { printJson } from '../cli/output.ts';

export function configure(command: Command): void {
  command.addOption(jsonOption('what is there and what is missing')).action(async (flags) => {
    const { diagnose } = await import('../stacks/doctor.ts');
    const report = await diagnose();
    if ((flags as { json?: true }).json) return printJson(report);
    const { default: chalk } = await import('chalk');
    for (const ability of report.abilities) {
      const mark = ability.ready ? chalk.green('ok     ') : chalk.yellow('missing');
      process.stdout.write(`${mark}  ${ability.title}\n`);
      for (const lack of ability.missing) {
        const without = lack.better === undefined ? '' : ` (with it ${lack.better})`;
        process.stdout.write(`         ${lack.what}${without}\n`);
        if (lack.debian === undefined) process.stdout.write(`           ${lack.remedy}\n`);
      }
    }
    if (report.install !== undefined)
      process.stdout.write(`\nTo install what is missing:\n  ${report.install}\n`);
  });
}
