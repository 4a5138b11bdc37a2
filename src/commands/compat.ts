import type { Command } from '../cli/commander.ts';
import type { PluginToCheck } from '../check/check.ts';
import type { CompatArea } from '../check/rule.ts';
import { isError, type Finding } from '../findings/finding.ts';
import type { Plugin } from '../kinds/plugin.ts';
import { EXIT, usageError } from '../support/errors.ts';
import { runsPrograms } from '../cli/programs.ts';
import { jsonOption, pathsArgument } from '../cli/options.ts';
import { print, printJson, printProgress } from '../terminal/output.ts';

interface CompatFlags {
  readonly engine: string;
  readonly debian?: string;
  readonly build: boolean;
  readonly json?: true;
}

interface CompatResult {
  readonly findings: readonly Finding[];
  /** Whether a package was built with the tools of the asked Debian. */
  readonly proven: boolean;
}

const DETAILS = `
The rules of wdev check whose verdict depends on the Wazo version and on the
Debian release: the same findings as wdev check --engine --debian has of them.
With --debian the package is also built with that Debian's own tools, where this
machine can run real stacks (wdev doctor).`;

export function configure(command: Command): void {
  command
    .addArgument(pathsArgument())
    .requiredOption('--engine <version>', 'Wazo version, like 26.05')
    .option('--debian <n>', 'release of Debian: 12 or 13')
    .option('--no-build', "do not build with that Debian's tools")
    .addOption(jsonOption('findings'))
    .addHelpText('after', DETAILS)
    .action(async (paths: string[], flags: CompatFlags) => {
      process.exitCode = await compat(paths, flags);
    });
  runsPrograms(command);
}

async function compat(paths: readonly string[], flags: CompatFlags): Promise<number> {
  const [{ findPlugins }, { listAllSources }, { SUITES }, { wazoVersionProblem }] = await Promise.all([
    import('../cli/plugins.ts'),
    import('../git/sources.ts'),
    import('../wazo/debian.ts'),
    import('../wazo/names.ts'),
  ]);
  const wrong = wazoVersionProblem(flags.engine);
  if (wrong !== undefined) throw usageError(`--engine: ${wrong}`);
  const debian = flags.debian === undefined ? undefined : Number(flags.debian);
  if (debian !== undefined && !SUITES.has(debian)) {
    throw usageError(`--debian ${flags.debian}: known are ${[...SUITES.keys()].join(' and ')}`);
  }
  const plugins = findPlugins(paths);
  process.umask(0o022);
  const listings = await listAllSources(plugins.map(({ dir }) => dir));
  const read = plugins.map((plugin) => ({ plugin, sources: listings.get(plugin.dir) ?? new Map() }));
  const results: { plugin: Plugin; result: CompatResult }[] = [];
  for (const [at, found] of (await readFindings(read, flags.engine, debian)).entries()) {
    const { plugin } = read[at]!;
    const built = flags.build && debian !== undefined ? await build(plugin, debian) : undefined;
    const result = { findings: [...found, ...(built ?? [])], proven: built !== undefined };
    results.push({ plugin, result });
    if (flags.json !== true) await show(plugin, result, flags);
  }
  if (flags.json === true) {
    const findings = results.flatMap(({ plugin, result }) =>
      result.findings.map((finding) => ({ plugin: plugin.id, ...finding })),
    );
    const proven = results.every(({ result }) => result.proven);
    const { countCodes } = await import('../check/formats/report.ts');
    const counts = countCodes(results.map(({ result }) => result));
    printJson({ engine: flags.engine, debian: flags.debian, proven, findings, counts });
  }
  return results.some(({ result }) => result.findings.some(isError)) ? EXIT.failed : EXIT.done;
}

/** The findings about the sources, plugin by plugin. */
async function readFindings(
  plugins: readonly PluginToCheck[],
  engine: string,
  debian: number | undefined,
): Promise<readonly (readonly Finding[])[]> {
  const [{ judgePlugins }, { askMake }] = await Promise.all([
    import('../check/check.ts'),
    import('../stage/ask-make.ts'),
  ]);
  const made = await askMake(plugins);
  const compat = new Set<CompatArea>(debian === undefined ? ['engine'] : ['engine', 'debian']);
  const judged = await judgePlugins(plugins, { engine, debian, compat, made });
  return judged.map(({ judgements }) => judgements.map(({ finding }) => finding));
}

async function build(plugin: Plugin, debian: number): Promise<readonly Finding[] | undefined> {
  const { buildWithDebian } = await import('../stacks/compat.ts');
  return await buildWithDebian(plugin, debian, printProgress);
}

async function show(plugin: Plugin, { findings, proven }: CompatResult, flags: CompatFlags): Promise<void> {
  const [{ paint }, { findingLines }, { lineReader }] = await Promise.all([
    import('../terminal/paint.ts'),
    import('../terminal/finding-text.ts'),
    import('../terminal/source-lines.ts'),
  ]);
  const good = !findings.some(isError);
  const debian =
    flags.debian === undefined
      ? ''
      : `, Debian ${flags.debian}${proven ? ' (built with its tools)' : ' (not built with its tools)'}`;
  const readLine = lineReader(plugin.dir);
  const lines = findings.flatMap((finding) => findingLines(finding, readLine)).map((line) => `  ${line}`);
  const head = `${good ? paint.green('✓') : paint.red('✗')} ${paint.bold(plugin.id)}: Wazo ${flags.engine}${debian}`;
  print([head, ...lines]);
}
