import type { Command } from '../cli/commander.ts';
import { statSync } from 'node:fs';
import path from 'node:path';
import type { BuildResult } from '../package/build.ts';
import { jsonOption, pathsArgument, trustOption } from '../cli/options.ts';
import { runsPrograms } from '../cli/programs.ts';
import { EXIT } from '../support/errors.ts';
import { duringEach } from '../support/doing.ts';

interface BuildFlags {
  readonly out: string;
  readonly trust?: true;
  readonly json?: true;
}

export function configure(command: Command): void {
  command
    .addArgument(pathsArgument())
    .option('--out <dir>', 'write the packages to this folder', '.wdev/build')
    .addOption(trustOption())
    .addOption(jsonOption('packages and findings'))
    .addHelpText('after', DETAILS)
    .action(async (paths: string[], flags: BuildFlags) => {
      process.exitCode = await build(paths, flags);
    });
  runsPrograms(command);
}

const DETAILS = `
Makes the same package as wazo-plugind. The same commit always gives the same
bytes: the files in the package have the time of the commit; without git, of the
newest file; with SOURCE_DATE_EPOCH, that one. Needs git, fakeroot and dpkg-deb.`;

async function build(paths: readonly string[], flags: BuildFlags): Promise<number> {
  const [{ findPlugins }, { agreeToAll }, { print, printJson }, { gather }] = await Promise.all([
    import('../cli/plugins.ts'),
    import('../cli/agree-to-all.ts'),
    import('../terminal/output.ts'),
    import('../package/gather.ts'),
  ]);
  await agreeToAll(paths.length > 0 ? paths : ['.'], flags.trust === true);
  const plugins = findPlugins(paths);
  const [first] = plugins;
  // git works while the rest is loaded
  const [gathered, { buildPackage }] = await Promise.all([gather(first.dir), import('../package/build.ts')]);
  // modes in the package follow the umask, and a systemd service has this one
  process.umask(0o022);
  const results: BuildResult[] = [];
  const meanwhile = (): void => {
    if (flags.json !== true) void loadPrinter();
  };
  await duringEach('building', plugins, async (plugin) => {
    const known = plugin === first ? { gathered } : {};
    const result = await buildPackage(plugin, flags.out, { ...known, meanwhile });
    results.push(result);
    if (flags.json !== true) print(await linesOf(result));
  });
  if (flags.json === true) printJson(await asJson(results));
  return results.every(({ ok }) => ok) ? EXIT.done : EXIT.failed;
}

function loadPrinter(): Promise<
  [
    typeof import('../terminal/paint.ts'),
    typeof import('../terminal/finding-text.ts'),
    typeof import('../terminal/source-lines.ts'),
  ]
> {
  return Promise.all([
    import('../terminal/paint.ts'),
    import('../terminal/finding-text.ts'),
    import('../terminal/source-lines.ts'),
  ]);
}

async function linesOf(result: BuildResult): Promise<readonly string[]> {
  const [{ paint }, { findingLines }, { lineReader }] = await loadPrinter();
  const plugin = result.ok ? result.built.plugin : result.plugin;
  const readLine = lineReader(plugin.dir);
  // the reason why there is no package stands first
  const sorted = result.findings.toSorted(
    (a, b) => Number(b.level === 'error') - Number(a.level === 'error'),
  );
  const findings = sorted.flatMap((finding) => findingLines(finding, readLine));
  const head: string[] = [];
  if (result.ok) {
    const { built } = result;
    const size = (statSync(built.deb).size / 1000).toFixed(1);
    const files = built.files.filter((file) => !file.folder).length;
    head.push(`${paint.green('✓')} ${paint.bold(plugin.id)} ${built.version}: ${files} files, ${size} kB`);
    head.push(`  ${path.relative('', built.deb) || built.deb}`);
  } else {
    head.push(`${paint.red('✗')} ${paint.bold(plugin.id)}: no package`);
  }
  return [...head, ...findings.map((line) => `  ${line}`)];
}

async function asJson(results: readonly BuildResult[]): Promise<object> {
  const { hashFile } = await import('../git/large-files.ts');
  const packages: object[] = [];
  for (const result of results) {
    if (!result.ok) continue;
    const { plugin, name, version, deb, files } = result.built;
    const { size, hash } = hashFile(deb);
    packages.push({
      plugin: plugin.id,
      name,
      version,
      deb,
      size,
      sha256: hash,
      files: files.map(({ path: installed, mode, source }) => ({
        path: installed,
        mode: mode.toString(8).padStart(4, '0'),
        ...(source === undefined ? {} : { source }),
      })),
    });
  }
  const findings = results.flatMap((result) => {
    const plugin = result.ok ? result.built.plugin.id : result.plugin.id;
    return result.findings.map((finding) => ({ plugin, ...finding }));
  });
  return { packages, findings };
}
