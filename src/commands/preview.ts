import { jsonOption, trustOption } from '../cli/options.ts';
import { runsPrograms } from '../cli/programs.ts';
import { printAside, printContent, printJson } from '../terminal/output.ts';
import type { Command } from '../cli/commander.ts';
import path from 'node:path';
import type { DriverPreview, Previewer, PreviewOptions } from '../preview/previewer.ts';
import type { PreviewInput } from '../preview/drivers.ts';
import type { Comparison } from '../support/comparison.ts';
import { duringAll } from '../support/doing.ts';
import { EXIT, usageError } from '../support/errors.ts';
import { isError, type Finding } from '../findings/finding.ts';
import { statOf } from '../support/stat.ts';
import { generatedName } from '../wazo/entry-point.ts';

interface Flags {
  config?: string;
  golden?: string;
  accept?: true;
  record?: string | true;
  target?: string;
  python?: string;
  allowExec?: true;
  trust?: true;
  json?: true;
}

/** One preview with what it is compared with. */
interface Shown {
  readonly preview: DriverPreview;
  readonly comparison: Comparison | undefined;
  /** The golden file that was written. */
  readonly accepted: string | undefined;
}

export function configure(command: Command): void {
  command
    .argument('[path]', 'plugin folder, or a folder that contains plugins (default: this folder)')
    .argument('[file]', 'generated file, as RESOURCE/FILENAME, like asterisk/pjsip.conf (default: all)')
    .option('--config <file>', "read this file of settings, which override the plugin's own conf.d files")
    .option('--golden <file>', 'compare with this file; exit with status 1 if they differ')
    .option(
      '--accept',
      'write the golden file (tests/golden/FILENAME, or that of --golden) instead of comparing',
    )
    .option(
      '--record [file]',
      'with --target: write the database rows that the drivers read there to this file, for later previews (default: tests/rows.yml)',
    )
    .option(
      '--target <target>',
      'compare with the file that wazo-confgend generates on this target (see wdev targets --help)',
    )
    .option('--python <program>', 'use this Python (default: the active virtualenv, else python3)')
    .option('--allow-exec', 'run the commands that YAML settings name with the tag !exec')
    .addOption(trustOption())
    .addOption(jsonOption())
    .action(async (first: string | undefined, second: string | undefined, flags: Flags) => {
      process.exitCode = await preview(first, second, flags);
    });
  runsPrograms(command);
}

async function preview(first: string | undefined, second: string | undefined, flags: Flags): Promise<number> {
  const words = [...folderBehind(flags.record), first, second].filter((word) => word !== undefined);
  const { folder, wanted } = readArguments(words[0], words[1]);
  const { agreeToAll } = await import('../cli/agree-to-all.ts');
  await agreeToAll([folder], flags.trust === true);
  const staged = await stageAll(folder);
  if (staged.findings.length > 0) return await printStageFailure(folder, staged.findings, flags);
  if (flags.record !== undefined) {
    const { recordPreview } = await import('./preview-record.ts');
    const record = folderBehind(flags.record).length > 0 ? true : flags.record;
    return await recordPreview(staged.inputs, wanted, { ...flags, record });
  }
  const { Previewer } = await import('../preview/previewer.ts');
  const previewer = await Previewer.open(flags.python);
  try {
    const options: PreviewOptions = {
      ...(wanted === undefined ? {} : { wanted }),
      ...(flags.config === undefined ? {} : { config: path.resolve(flags.config) }),
      allowExec: flags.allowExec === true,
    };
    const previews = await previewer.preview(staged.inputs, options);
    if (flags.golden !== undefined && previews.length > 1) {
      throw usageError('--golden is for one file', `Name it: wdev preview ${folder} RESOURCE/FILENAME`);
    }
    const shown: Shown[] = [];
    for (const one of previews) shown.push(await compareOne(one, flags));
    await accept(shown);
    await print(shown, previewer, flags);
    return shown.some((one) => hasFailed(one, flags)) ? EXIT.failed : EXIT.done;
  } finally {
    await previewer.close();
  }
}

/** `wdev preview asterisk/pjsip.conf` names no folder. */
/** The folder that stands right behind `--record`, which names a file if it names anything. */
function folderBehind(record: string | true | undefined): readonly string[] {
  return typeof record === 'string' && statOf(record)?.isDirectory() === true ? [record] : [];
}

function readArguments(
  first: string | undefined,
  second: string | undefined,
): { folder: string; wanted: string | undefined } {
  if (first === undefined) return { folder: '.', wanted: undefined };
  const isFolder = statOf(first)?.isDirectory() === true;
  if (second === undefined && !isFolder && /^\w+\/[^/]+$/.test(first)) return { folder: '.', wanted: first };
  return { folder: first, wanted: second };
}

async function stageAll(folder: string): Promise<{ inputs: PreviewInput[]; findings: readonly Finding[] }> {
  const [{ wholePlugins }, { kindOf }, { stagePlugin }] = await Promise.all([
    import('../cli/plugins.ts'),
    import('../kinds/plugin.ts'),
    import('../stage/stage.ts'),
  ]);
  const plugins = wholePlugins([folder]).filter((plugin) => kindOf(plugin).can.preview);
  if (plugins.length === 0) {
    throw usageError(
      `there is no plugin with a driver in ${folder}`,
      'Make one: wdev new confgend hello --namespace demo',
    );
  }
  const results = await duringAll(
    'staging',
    plugins.map(async (plugin) => ({ plugin, result: await stagePlugin(plugin) })),
  );
  return {
    inputs: results.flatMap(({ plugin, result }) => (result.ok ? [{ plugin, tree: result.stage.tree }] : [])),
    findings: results.flatMap(({ result }) => (result.ok ? [] : result.findings)),
  };
}

async function compareOne(one: DriverPreview, flags: Flags): Promise<Shown> {
  const { compare, LastRun, readIfThere } = await import('../support/comparison.ts');
  const { text, driver } = one;
  if (text === undefined) return { preview: one, comparison: undefined, accepted: undefined };
  const { dir } = driver.input.plugin;
  const name = generatedName(driver);
  const golden = flags.golden ?? path.join(dir, 'tests/golden', driver.filename);
  const last = new LastRun(dir, 'preview');
  let comparison: Comparison;
  if (flags.target !== undefined) {
    const { readGenerated } = await import('../targets/generated-file.ts');
    const served = await readGenerated(flags.target, name);
    comparison = await compare(`target ${flags.target}`, served, text);
  } else if (flags.golden !== undefined || flags.accept === true) {
    const shown = path.relative(process.cwd(), path.resolve(golden));
    comparison = await compare(shown, await readIfThere(golden), text);
  } else comparison = await compare('the last run', await last.read(name), text);
  await last.keep(name, text);
  return { preview: one, comparison, accepted: flags.accept === true ? golden : undefined };
}

/** Writes the golden files, as one edit of each plugin. */
async function accept(shown: readonly Shown[]): Promise<void> {
  const byFolder = new Map<string, Map<string, string>>();
  for (const { preview: one, accepted } of shown) {
    if (accepted === undefined || one.text === undefined) continue;
    const { dir } = one.driver.input.plugin;
    byFolder.set(dir, (byFolder.get(dir) ?? new Map<string, string>()).set(accepted, one.text));
  }
  if (byFolder.size === 0) return;
  const { writeTexts } = await import('../edits/write-texts.ts');
  for (const [dir, texts] of byFolder) await writeTexts(dir, texts, 'preview --accept');
}

function hasFailed({ preview: one, comparison, accepted }: Shown, flags: Flags): boolean {
  if (one.findings.some(isError) || one.text === undefined) return true;
  if (flags.golden === undefined || accepted !== undefined || comparison === undefined) return false;
  return comparison.before === undefined || comparison.diff.length > 0;
}

async function print(shown: readonly Shown[], previewer: Previewer, flags: Flags): Promise<void> {
  if (flags.json === true) {
    const { hello } = previewer.interpreter;
    const previews = shown.map(asJson);
    return printJson({ python: hello.executable, version: hello.version, has: hello.has, previews });
  }
  const { previewLines } = await import('../terminal/preview-view.ts');
  const { paintGenerated } = await import('../terminal/generated-text.ts');
  for (const { preview: one, comparison, accepted } of shown) {
    const about = previewLines({ preview: one, comparison, accepted });
    // the file itself goes to standard output, so that it can be piped
    printAside(about.before);
    if (one.text !== undefined) printContent(one.text, paintGenerated(one.driver.filename));
    printAside(about.after);
  }
}

function asJson({ preview: one, comparison, accepted }: Shown): Record<string, unknown> {
  const { driver, text, findings, printed, reply, ms } = one;
  return {
    plugin: driver.input.plugin.id,
    driver: driver.name,
    file: generatedName(driver),
    text: text ?? null,
    against: comparison?.against ?? null,
    diff: comparison?.diff.map((line) => (line.sign === '@' ? line.text : line.sign + line.text)) ?? [],
    accepted: accepted ?? null,
    findings,
    printed,
    ms: { total: Math.round(ms), ...reply.ms },
  };
}

async function printStageFailure(
  folder: string,
  findings: readonly Finding[],
  flags: Flags,
): Promise<number> {
  if (flags.json === true) {
    printJson({ previews: [], findings });
    return EXIT.failed;
  }
  const [{ findingLines }, { lineReader }] = await Promise.all([
    import('../terminal/finding-text.ts'),
    import('../terminal/source-lines.ts'),
  ]);
  const readLine = lineReader(folder);
  const lines = findings.flatMap((finding) => findingLines(finding, readLine));
  printAside(lines);
  return EXIT.failed;
}
