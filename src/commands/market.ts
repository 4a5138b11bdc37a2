import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from '../cli/commander.ts';
import { jsonOption } from '../cli/options.ts';
import { subcommand } from '../cli/subcommand.ts';
import { isError, type Finding } from '../findings/finding.ts';
import type { Market } from '../market/market.ts';
import { EXIT, messageOf, usageError, type ExitCode } from '../support/errors.ts';
import { doing, during, duringEach } from '../support/doing.ts';
import { makeFolders } from '../support/make-folders.ts';

interface Flags {
  readonly out?: string;
  readonly json?: true;
}

const BUILD = `
Lists each tag of each repository (a folder with a clone, or an address) as a
version, newest first, with the lowest and highest Wazo version of its
wazo/plugin.yml; wazo-plugind takes the first version that suits the server.
Skips tags that do not match the version in wazo/plugin.yml, with a warning. Any
web server can serve the folder. Set its address on each Wazo server, in
/etc/wazo-plugind/conf.d/50-market.yml, and restart wazo-plugind there:

  market: {host: market.example.org, port: 443, https: true}`;

const CHECK = `
Checks that DIR/v1/plugins has the form that wazo-plugind reads, and that each
repository has the branch or tag that is listed for it.`;

export function configure(command: Command): void {
  subcommand(command, 'build', 'Build a market from the tags of git repositories')
    .argument('<repository...>', 'folder with a clone, or address, of a repository')
    .requiredOption('--out <dir>', 'write v1/plugins to this folder, for a web server')
    .addOption(jsonOption('the market and findings'))
    .addHelpText('after', BUILD)
    .action(async (repositories: string[], flags: Flags) => {
      process.exitCode = await build(repositories, flags);
    });
  subcommand(command, 'check', 'Check that wazo-plugind can read a market')
    .argument('<dir>', 'folder of the market, which contains v1/plugins')
    .addOption(jsonOption('findings'))
    .addHelpText('after', CHECK)
    .action(async (dir: string, flags: Flags) => {
      process.exitCode = await check(dir, flags);
    });
}

async function inTemporaryFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const [{ temporaryFolder }, { removeFolder }] = await Promise.all([
    import('../support/temp-folder.ts'),
    import('../support/remove-folder.ts'),
  ]);
  const folder = temporaryFolder('market');
  try {
    return await work(folder);
  } finally {
    removeFolder(folder);
  }
}

async function build(repositories: readonly string[], flags: Flags): Promise<ExitCode> {
  const [
    { repositoryWithTags },
    { readTags },
    { MARKET_FILE, marketOf, missingDependencies },
    { hasSecret },
  ] = await Promise.all([
    import('../git/tags.ts'),
    import('../market/read-tags.ts'),
    import('../market/market.ts'),
    import('../support/secrets.ts'),
  ]);
  const { versions, findings } = await inTemporaryFolder(async (folder) => {
    const all: Awaited<ReturnType<typeof readTags>>[] = [];
    await duringEach('reading repositories', repositories, async (given, at) => {
      const clone = path.join(folder, String(at));
      const tagged = await during(`reading ${given}`, async () => await repositoryWithTags(given, clone));
      if (hasSecret(tagged.url))
        throw usageError(
          `the address of ${given} holds credentials, and everybody reads a market`,
          'git remote set-url origin ADDRESS',
        );
      all.push(await readTags(tagged));
    });
    return { versions: all.flatMap((one) => one.versions), findings: all.flatMap((one) => one.findings) };
  });
  const market = marketOf(versions);
  const told = [...findings, ...missingDependencies(versions, market)];
  const good = !told.some(isError) && market.total > 0;
  const file = path.resolve(flags.out ?? '.', MARKET_FILE);
  if (good) await write(file, market);
  await report(market, told, good ? file : undefined, flags);
  return good ? EXIT.done : EXIT.failed;
}

/** In one step: a server may be reading it. */
async function write(file: string, market: Market): Promise<void> {
  makeFolders(path.dirname(file));
  await writeFile(`${file}.new`, `${JSON.stringify(market, null, 2)}\n`);
  await rename(`${file}.new`, file);
}

async function check(dir: string, flags: Flags): Promise<ExitCode> {
  const [
    { MARKET_FILE, finding, idOf, readMarket },
    { namesAt },
    { readText, readTextIfPossible },
    { packageRoot },
  ] = await Promise.all([
    import('../market/market.ts'),
    import('../git/tags.ts'),
    import('../support/read-file.ts'),
    import('../support/paths.ts'),
  ]);
  const text = readTextIfPossible(path.join(dir, MARKET_FILE));
  if (text === undefined)
    throw usageError(
      `no market in ${dir}: ${MARKET_FILE} is missing`,
      'Build one: wdev market build REPO… --out DIR',
    );
  const schema = JSON.parse(readText(path.join(packageRoot(), 'src/market/market.schema.json'))) as object;
  const { market, findings } = readMarket(text, schema);
  const missing: Finding[] = [];
  await inTemporaryFolder(async (folder) => {
    const known = new Map<string, ReadonlySet<string> | string>();
    for (const item of market?.items ?? [])
      for (const { version, options } of item.versions) {
        const { url, ref } = options;
        doing(`asking ${url}`);
        const names = known.get(url) ?? (await namesAt(url, folder).catch(messageOf));
        known.set(url, names);
        if (typeof names === 'string')
          missing.push(finding('market-ref-missing', `${idOf(item)} ${version}: ${names}`));
        else if (!names.has(ref))
          missing.push(
            finding('market-ref-missing', `${idOf(item)} ${version}: ${url} has no branch or tag ${ref}`),
          );
      }
  });
  const all = [...findings, ...missing];
  await report(market, all, undefined, flags, dir);
  return all.some(isError) ? EXIT.failed : EXIT.done;
}

async function report(
  market: Market | undefined,
  findings: readonly Finding[],
  written: string | undefined,
  flags: Flags,
  dir = '.',
): Promise<void> {
  const [{ print, printJson }, { paint }, { findingLines }, { lineReader }, { idOf }] = await Promise.all([
    import('../terminal/output.ts'),
    import('../terminal/paint.ts'),
    import('../terminal/finding-text.ts'),
    import('../terminal/source-lines.ts'),
    import('../market/market.ts'),
  ]);
  if (flags.json === true) return printJson({ market: market ?? null, file: written ?? null, findings });
  const readLine = lineReader(dir);
  const good = !findings.some(isError);
  const rows = (market?.items ?? []).map((item) => {
    const all = item.versions.map(({ version }) => version).join(', ');
    return `  ${idOf(item)}  ${all}`;
  });
  print([
    ...findings.flatMap((one) => findingLines(one, readLine)),
    `${good ? paint.green('✓') : paint.red('✗')} ${count(market?.total ?? 0)}${written === undefined ? '' : `: ${path.relative('', written)}`}`,
    ...rows,
  ]);
}

function count(plugins: number): string {
  return `${plugins} ${plugins === 1 ? 'plugin' : 'plugins'}`;
}
