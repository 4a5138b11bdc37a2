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
Runs pytest on tests/ of each plugin, in a clean copy, in the sandbox. Tests
with the marker integration need a server: they run with --target only. They get
  WAZO_URL    the address of the server's HTTP API, if this machine reaches it
  WAZO_TOKEN  a token: the one of the stack, or the one that --token-command of
              wdev targets add prints
  WAZO_SHELL  a command that runs another command on the server, as ssh does
  WAZO_DISPOSABLE  set if it is a stack of wdev stack up, which tests may change
Install the plugin there first: wdev install. wdev watch --test runs both kinds
of tests after each verified save. A new plugin has one integration test for
each part, in tests/integration/.`;

export function configure(command: Command): void {
  command
    .addArgument(pathsArgument())
    .option(
      '--target <target>',
      'run the tests marked integration, and only those, against this target (see wdev targets --help)',
    )
    .addOption(trustOption())
    .addOption(jsonOption('the result of each test'))
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
