import type { Command } from 'commander';
import type { CompatResult } from '../stacks/compat.ts';
import type { Plugin } from '../kinds/plugin.ts';
import { EXIT, usageError } from '../support/errors.ts';
import { isError } from '../findings/finding.ts';

interface CompatFlags {
  readonly engine: string;
  readonly debian?: string;
  readonly build: boolean;
  readonly json?: true;
}

const DETAILS = `
Whether wazo-plugind of that Wazo takes the plugin (it compares versions as
text), which names it uses that are gone by then, and what a release of Debian
changes; with --debian the package is also built with that Debian's own tools,
where this machine can run real stacks (wdev doctor).`;

export function configure(command: Command): void {
  command
    .argument('[path...]', 'folders of plugins, or folders that hold some (default: this folder)')
    .requiredOption('--engine <version>', 'Wazo version, like 26.05')
    .option('--debian <n>', 'release of Debian: 12 or 13')
    .option('--no-build', "do not build with that Debian's tools")
    .option('--json', 'print findings as JSON')
    .addHelpText('after', DETAILS)
    .action(async (paths: string[], flags: CompatFlags) => {
      process.exitCode = await compat(paths.length > 0 ? paths : ['.'], flags);
    });
}

async function compat(paths: readonly string[], flags: CompatFlags): Promise<number> {
  const [{ discoverPlugins }, { checkCompat }, { DEBIANS }, { wazoVersionProblem }] = await Promise.all([
    import('../kinds/discover.ts'),
    import('../stacks/compat.ts'),
    import('../check/debian.ts'),
    import('../wazo/names.ts'),
  ]);
  const wrong = wazoVersionProblem(flags.engine);
  if (wrong !== undefined) throw usageError(`--engine: ${wrong}`);
  if (flags.debian !== undefined && DEBIANS[flags.debian] === undefined) {
    throw usageError(`--debian ${flags.debian}: known are ${Object.keys(DEBIANS).join(' and ')}`);
  }
  const plugins = discoverPlugins(paths);
  if (plugins.length === 0) throw usageError(`there is no plugin in ${paths.join(', ')}`);
  process.umask(0o022);
  const results: { plugin: Plugin; result: CompatResult }[] = [];
  for (const plugin of plugins) {
    const result = await checkCompat(plugin, {
      engine: flags.engine,
      ...(flags.debian === undefined ? {} : { debian: flags.debian }),
      build: flags.build,
      onProgress: (text) => void process.stderr.write(`wdev: ${text}\n`),
    });
    results.push({ plugin, result });
    if (flags.json !== true) await show(plugin, result, flags);
  }
  if (flags.json === true) {
    const findings = results.flatMap(({ plugin, result }) =>
      result.findings.map((finding) => ({ plugin: plugin.id, ...finding })),
    );
    const proven = results.every(({ result }) => result.proven);
    process.stdout.write(
      `${JSON.stringify({ engine: flags.engine, debian: flags.debian, proven, findings })}\n`,
    );
  }
  return results.some(({ result }) => result.findings.some(isError)) ? EXIT.failed : EXIT.done;
}

async function show(plugin: Plugin, { findings, proven }: CompatResult, flags: CompatFlags): Promise<void> {
  const [{ default: chalk }, { findingLines }, { lineReader }] = await Promise.all([
    import('chalk'),
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
  const head = `${good ? chalk.green('✓') : chalk.red('✗')} ${chalk.bold(plugin.id)}: Wazo ${flags.engine}${debian}`;
  process.stdout.write([head, ...lines].map((line) => `${line}\n`).join(''));
}
