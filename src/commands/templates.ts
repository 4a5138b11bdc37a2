import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from '../cli/commander.ts';
import { describeTemplate, listTemplates } from '../templates/describe.ts';
import { KINDS, loadTemplate } from '../templates/load.ts';
import { manifestSchemaText } from '../templates/manifest-text.ts';
import { answersSchema } from '../templates/schema.ts';
import { jsonText } from '../support/visible.ts';
import type { Finding } from '../findings/finding.ts';
import { setAnswers } from '../answers/set-answers.ts';
import { EXIT } from '../support/errors.ts';
import { jsonOption } from '../cli/options.ts';
import { subcommand } from '../cli/subcommand.ts';
import { print, printContent, printFormat, printJson } from '../terminal/output.ts';

interface PreviewFlags {
  readonly set?: readonly string[];
  readonly file?: string;
  readonly json?: boolean;
}

export function configure(command: Command): void {
  subcommand(command, 'list', 'List the kinds of plugins, their parts, and examples', { isDefault: true })
    .addOption(jsonOption())
    .action((flags: { json?: boolean }) => show(listTemplates(), flags));
  subcommand(command, 'show', 'Show the questions and files of a template')
    .argument('<name>', 'kind, part or example from wdev templates, or the folder of a template')
    .addOption(jsonOption())
    .action(async (name: string, flags: { json?: boolean }) => show(await describeTemplate(name), flags));
  subcommand(command, 'schema', 'Print the JSON Schema of an answers file, for wdev new --answers')
    .argument('<kind>', KINDS.join(', '))
    .action((kind: string) => printFormat(`${jsonText(answersSchema(loadTemplate(kind)), 2)}\n`));
  subcommand(command, 'manifest-schema', 'Print the JSON Schema of template.yml and part.yml').action(() => {
    printFormat(manifestSchemaText());
  });
  subcommand(command, 'lint', 'Check your own templates: the manifest, and the files that each answer makes')
    .argument('<folder...>', 'folders with a template.yml')
    .addOption(jsonOption())
    .action((folders: readonly string[], flags: { json?: boolean }) => lint(folders, flags));
  subcommand(command, 'preview', 'Show which files a template makes, and where each comes from')
    .argument('<folder>', 'folder with a template.yml')
    .option('--set <name=value>', 'use this answer instead of the default; repeatable', collect)
    .option('--file <path>', 'print this file as the template makes it')
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
    const tried =
      renders === 0
        ? 'not rendered'
        : `rendered with ${renders} combinations of answers, which made ${files} different files`;
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
