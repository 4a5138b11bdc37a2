import type { Command } from 'commander';
import { describeTemplate, listTemplates } from '../scaffold/describe.ts';
import { loadTemplate } from '../scaffold/load.ts';
import { answersSchema } from '../scaffold/schema.ts';

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
  command
    .command('schema <kind>')
    .summary('the JSON Schema of the answers that --answers takes')
    .helpOption('--help', 'print this help')
    .action((kind: string) => {
      process.stdout.write(`${JSON.stringify(answersSchema(loadTemplate(kind)), undefined, 2)}\n`);
    });
}

function print(
  result: { readonly lines: readonly string[]; readonly data: unknown },
  flags: { json?: boolean },
): void {
  process.stdout.write(flags.json ? `${JSON.stringify(result.data)}\n` : `${result.lines.join('\n')}\n`);
}
