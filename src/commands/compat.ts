import type { Command, CommanderError } from '../cli/commander.ts';
import type { PluginToCheck } from '../check/check.ts';
import type { CompatArea } from '../check/rule.ts';
import { isError, type Finding } from '../findings/finding.ts';
import type { Plugin } from '../kinds/plugin.ts';
import type { Upgrade } from '../status/upgrade.ts';
import { EXIT, usageError } from '../support/errors.ts';
import { runsPrograms } from '../cli/programs.ts';
import { jsonOption, pathsArgument, trustOption } from '../cli/options.ts';
import { print, printJson } from '../terminal/output.ts';
import { during } from '../support/doing.ts';

interface CompatFlags {
  readonly engine: string;
  readonly debian?: string;
  readonly build: boolean;
  readonly target?: string;
  readonly trust?: true;
  readonly json?: true;
}

interface CompatResult {
  readonly findings: readonly Finding[];
  /** Whether a package was built with the tools of the asked Debian. */
  readonly proven: boolean;
}

const DETAILS = `
Runs those rules of wdev check that depend on the Wazo version and the Debian
release. With --debian it also builds the package with the tools of that Debian,
if this machine can run real stacks (wdev doctor).

With --target, shows which plugins on that server an upgrade would break,
whether wazo-plugind, apt or wdev installed them. It reads their files and
changes nothing. For many servers: wdev fleet status --engine.`;

export function configure(command: Command): void {
  command
    .addArgument(pathsArgument())
    .requiredOption('--engine <version>', 'check for this Wazo version, like 26.05')
    .option('--debian <release>', 'check for this Debian release, too: 12 or 13')
    .option('--no-build', 'with --debian: do not build the package with the tools of that Debian')
    .option(
      '--target <target>',
      'check the plugins that are installed on this target instead (see wdev targets --help)',
    )
    .addOption(trustOption())
    .addOption(jsonOption('findings'))
    .addHelpText('after', DETAILS)
    .action(async (paths: string[], flags: CompatFlags) => {
      process.exitCode = await compat(paths, flags);
    });
  runsPrograms(command);
}

async function compat(paths: readonly string[], flags: CompatFlags): Promise<number> {
  const [{ noteNewer, releasesOf }, { findPlugins }, { listAllSources }] = await Promise.all([
    import('../cli/releases.ts'),
    import('../cli/plugins.ts'),
    import('../git/sources.ts'),
  ]);
  const { engine } = flags;
  const { debian } = releasesOf(flags, 'built');
  const note = noteNewer([engine], flags.json === true);
  if (flags.target !== undefined) return await judgeTarget(paths, flags, { engine, debian }, note);
  const plugins = findPlugins(paths);
  process.umask(0o022);
  const listings = await listAllSources(plugins.map(({ dir }) => dir));
  const read = plugins.map((plugin) => ({ plugin, sources: listings.get(plugin.dir) ?? new Map() }));
  const results: { plugin: Plugin; result: CompatResult }[] = [];
  for (const [at, found] of (await readFindings(read, engine, debian)).entries()) {
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
    printJson({ engine, ...note, debian: flags.debian, proven, findings, counts });
  }
  return results.some(({ result }) => result.findings.some(isError)) ? EXIT.failed : EXIT.done;
}

/** Judges what stands on a server. */
async function judgeTarget(
  paths: readonly string[],
  flags: CompatFlags,
  upgrade: Upgrade,
  note: object,
): Promise<number> {
  if (paths.length > 0)
    throw usageError(
      `--target judges what is installed there, and ${paths[0]} is a folder here`,
      'Name one of the two.',
    );
  const [{ onTarget }, { readStanding }, { judgeUpgrade }] = await Promise.all([
    import('../cli/target.ts'),
    import('../status/standing.ts'),
    import('../status/upgrade.ts'),
  ]);
  const { engine, target = '' } = flags;
  const standing = await onTarget(flags, readStanding);
  const plugins = await judgeUpgrade(standing, upgrade);
  if (flags.json === true) {
    const { countCodes } = await import('../check/formats/report.ts');
    const { wazo, debian: release } = standing;
    const findings = plugins.flatMap(({ plugin, findings: own }) =>
      own.map((finding) => ({ plugin, ...finding })),
    );
    printJson({
      target,
      now: { wazo, debian: release },
      engine,
      ...note,
      debian: flags.debian,
      plugins: plugins.map(({ findings: _findings, ...plugin }) => plugin),
      findings,
      counts: countCodes(plugins),
    });
  } else {
    const { upgradeLines } = await import('../terminal/upgrade-text.ts');
    print(upgradeLines(target, standing, upgrade, plugins));
  }
  return plugins.some(({ verdict }) => verdict === 'breaks') ? EXIT.failed : EXIT.done;
}

/** The findings about the sources, plugin by plugin. */
async function readFindings(
  plugins: readonly PluginToCheck[],
  engine: string,
  debian: number | undefined,
): Promise<readonly (readonly Finding[])[]> {
  const [{ judgePlugins }, { askMake }, { allowances }] = await Promise.all([
    import('../check/check.ts'),
    import('../stage/ask-make.ts'),
    import('../sandbox/bounds.ts'),
  ]);
  const given = allowances();
  const made = await askMake(plugins, undefined, given.allowance);
  const compat = new Set<CompatArea>(debian === undefined ? ['engine'] : ['engine', 'debian']);
  const judged = await judgePlugins(plugins, { engine, debian, compat, made, ...given });
  return judged.map(({ judgements }) => judgements.map(({ finding }) => finding));
}

/** The remedy where the release is not named. */
export async function hint(error: CommanderError): Promise<string | undefined> {
  return error.message.includes('--engine')
    ? 'Add --engine and a Wazo version, like --engine 26.05.'
    : undefined;
}

async function build(plugin: Plugin, debian: number): Promise<readonly Finding[] | undefined> {
  const { buildWithDebian } = await import('../stacks/compat.ts');
  return await during(
    `building with Debian ${debian}`,
    async (say) => await buildWithDebian(plugin, debian, say),
  );
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
  const head = `${good ? paint.green('✓') : paint.red('✗')} ${paint.bold(plugin.id)} ${good ? 'has no known problem with' : 'breaks on'} Wazo ${flags.engine}${debian}`;
  print([head, ...lines]);
}
