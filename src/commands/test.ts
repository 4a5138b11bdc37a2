import type { Command } from '../cli/commander.ts';
import { jsonOption, pathsArgument, trustOption } from '../cli/options.ts';
import { runsPrograms } from '../cli/programs.ts';
import type { Plugin } from '../kinds/plugin.ts';
import type { Tested } from '../own-tests/tested.ts';
import type { TestServer } from '../own-tests/server.ts';
import { EXIT, UserError, usageError } from '../support/errors.ts';
import { duringEach } from '../support/doing.ts';

interface Flags {
  readonly target?: string;
  readonly trust?: true;
  readonly json?: true;
}

const DETAILS = `
Runs pytest over tests/ of each plugin, in a clean copy, and in the sandbox.
Tests with the marker integration ask a server: they run with --target, and get
WAZO_URL      its address, when its HTTP API is reached from here,
WAZO_TOKEN    a token: on a stack that of its own user, else by --token-command
              of wdev targets add,
WAZO_SHELL    a command that runs another one there, as ssh does, for Asterisk's
              console and the files and units of the server,
WAZO_DISPOSABLE  on a stack of wdev stack up alone: tests may change it.
The plugin has to be installed there: wdev install, or wdev watch --test, which
runs both after each verified save. tests/integration/ of a new plugin has one
for each part.`;

export function configure(command: Command): void {
  command
    .addArgument(pathsArgument())
    .option('--target <target>', 'run those marked integration, against this target')
    .addOption(trustOption())
    .addOption(jsonOption('what came of each test'))
    .addHelpText('after', DETAILS)
    .action(async (paths: string[], flags: Flags) => {
      process.exitCode = await test(paths, flags);
    });
  runsPrograms(command);
}

async function test(paths: readonly string[], flags: Flags): Promise<number> {
  const [{ findPlugins }, { agreeToAll }, { interruption }] = await Promise.all([
    import('../cli/plugins.ts'),
    import('../cli/agree-to-all.ts'),
    import('../cli/interruption.ts'),
  ]);
  await agreeToAll(paths, flags.trust === true);
  const plugins = findPlugins(paths);
  const { signal } = interruption();
  const server = flags.target === undefined ? undefined : await serverOf(flags);
  try {
    return await testAll(plugins, server, signal, flags);
  } finally {
    await server?.close();
  }
}

async function serverOf(flags: Flags): Promise<TestServer> {
  const [{ agreedServer }, { openTestServer }, { printProgress }] = await Promise.all([
    import('../cli/agree.ts'),
    import('../own-tests/server.ts'),
    import('../terminal/output.ts'),
  ]);
  const { address, tokenCommand } = await agreedServer(flags);
  const server = await openTestServer(address, { tokenCommand });
  for (const lack of server.lacks) printProgress(lack);
  return server;
}

async function testAll(
  plugins: readonly Plugin[],
  server: TestServer | undefined,
  signal: AbortSignal,
  flags: Flags,
): Promise<number> {
  const [{ testPlugin }, { print, printJson }] = await Promise.all([
    import('../own-tests/tested.ts'),
    import('../terminal/output.ts'),
  ]);
  const all: Tested[] = [];
  const without: string[] = [];
  await duringEach('running the tests', plugins, async (plugin) => {
    if (signal.aborted) throw new UserError('interrupted', INTERRUPTED, { exit: EXIT.interrupted });
    const tested = await testPlugin(plugin, { signal, ...(server === undefined ? {} : { server }) });
    if (tested === undefined) without.push(plugin.id);
    else all.push(tested);
    if (tested !== undefined && flags.json !== true) print(await linesOf(tested, plugin.dir));
  });
  if (all.length === 0) throw noTests(without, server !== undefined);
  if (flags.json === true) printJson({ plugins: all, without });
  else for (const id of without) print([`• ${id}  has no such tests`]);
  return all.every(({ ok }) => ok) ? EXIT.done : EXIT.failed;
}

const INTERRUPTED = 'interrupted; no test runs on';

async function linesOf(tested: Tested, dir: string): Promise<readonly string[]> {
  const [{ testedLines }, { lineReader }] = await Promise.all([
    import('../terminal/tests-view.ts'),
    import('../terminal/source-lines.ts'),
  ]);
  return testedLines(tested, lineReader(dir));
}

function noTests(plugins: readonly string[], ofServer: boolean): Error {
  return ofServer
    ? usageError(
        `${plugins.join(', ')}: no test with the marker integration in tests/`,
        'wdev update adds tests/integration to a plugin that wdev new made.',
      )
    : usageError(`${plugins.join(', ')}: no tests/test_*.py`, 'pytest runs what stands in such files.');
}
