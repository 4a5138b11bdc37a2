import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from '../cli/commander.ts';
import { describeTemplate, listTemplates } from '../templates/describe.ts';
import { loadTemplate } from '../templates/load.ts';
import { manifestSchemaText } from '../templates/manifest-text.ts';
import { answersSchema } from '../templates/schema.ts';
import { jsonText } from '../support/visible.ts';
import type { Finding } from '../findings/finding.ts';
import { setAnswers } from '../answers/set-answers.ts';
import { EXIT } from '../support/errors.ts';
import { jsonOption } from '../cli/options.ts';
import { print, printContent, printFormat, printJson } from '../terminal/output.ts';

interface PreviewFlags {
  readonly set?: readonly string[];
  readonly file?: string;
  readonly json?: boolean;
}

export function configure(command: Command): void {
  const sub = (name: string, summary: string): Command =>
    command.command(name).summary(summary).description(summary);
  command
    .command('list', { isDefault: true })
    .summary('kinds, parts and examples, a line each')
    .addOption(jsonOption())
    .action((flags: { json?: boolean }) => show(listTemplates(), flags));
  sub('show <name>', 'what a kind, a part, an example or a folder asks and makes')
    .addOption(jsonOption())
    .action(async (name: string, flags: { json?: boolean }) => show(await describeTemplate(name), flags));
  sub('schema <kind>', 'the JSON Schema of the answers that --answers takes').action((kind: string) => {
    printFormat(`${jsonText(answersSchema(loadTemplate(kind)), 2)}\n`);
  });
  sub('manifest-schema', 'the JSON Schema of template.yml and part.yml').action(() => {
    printFormat(manifestSchemaText());
  });
  sub(
    'lint <folder...>',
    'what is wrong with templates: manifest, conditions, tags, and what every answer makes',
  )
    .addOption(jsonOption())
    .action((folders: readonly string[], flags: { json?: boolean }) => lint(folders, flags));
  sub('preview <folder>', 'which files a template makes, and where each comes from')
    .option('--set <name=value>', 'an answer other than the default', collect)
    .option('--file <path>', 'print this file as it would be made')
    .addOption(jsonOption())
    .action(async (folder: string, flags: PreviewFlags) => {
      const { previewTemplate } = await import('../templates/preview.ts');
      const shown = await previewTemplate(folder, setAnswers(flags.set ?? []), flags.file);
      if (flags.file === undefined || flags.json === true) show(shown, flags);
      else printContent(`${shown.lines.join('\n')}\n`);
    });
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

async function lint(folders: readonly string[], flags: { json?: boolean }): Promise<void> {
  const { lintTemplate } = await import('../templates/lint.ts');
  const { findingLines } = await import('../terminal/finding-text.ts');
  const { lineReader } = await import('../terminal/source-lines.ts');
  const results = [];
  for (const folder of folders) results.push({ template: folder, ...(await lintTemplate(folder)) });
  if (results.some(({ findings }) => findings.length > 0)) process.exitCode = EXIT.failed;
  if (flags.json) {
    printJson(results);
    return;
  }
  for (const { template, findings, renders, files } of results) {
    const readLine = lineReader('.');
    const lines = findings.flatMap((finding) => findingLines(namedFrom(template, finding), readLine));
    const count =
      findings.length === 0
        ? 'no findings'
        : `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`;
    const tried = `rendered with ${renders} sets of answers, ${files} different files`;
    print([...lines, `${template}: ${count}; ${tried}`]);
  }
}

/** A file of the template as a person opens it; one that the template makes is nowhere yet. */
function namedFrom(template: string, finding: Finding): Finding {
  const file = path.join(template, finding.file ?? '');
  return finding.file !== undefined && existsSync(file) ? { ...finding, file } : finding;
}

function show(
  result: { readonly lines: readonly string[]; readonly data: unknown },
  flags: { readonly json?: boolean },
): void {
  if (flags.json) printJson(result.data);
  else print(result.lines);
}
