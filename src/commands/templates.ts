import type { Command } from 'commander';
import { describeTemplate, listTemplates } from '../scaffold/describe.ts';

export function configure(command: Command): void {
  command
    .command('list', { isDefault: true })
    .summary('kinds and parts, a line each')
    .helpOption('--help', 'print this help')
    .option('--json', 'print as JSON')
    .action((flags: { json?: boolean }) => print(listTemplates(), flags));
  command
    .command('show <name>')
    .summary('what a kind or a part asks and makes')
    .helpOption('--help', 'print this help')
    .option('--json', 'print as JSON')
    .action(async (name: string, flags: { json?: boolean }) => print(await describeTemplate(name), flags));
}

function print(
  result: { readonly lines: readonly string[]; readonly data: unknown },
  flags: { json?: boolean },
): void {
  process.stdout.write(flags.json ? `${JSON.stringify(result.data)}\n` : `${result.lines.join('\n')}\n`);
}
