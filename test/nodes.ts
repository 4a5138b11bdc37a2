/**
 * `npm run test:nodes`: packs the package as npm would publish it, looks at what is in it, and runs the built
 * `wdev` from it on the oldest Node that is supported and on a newer one. The registry's packages
 * `node-PLATFORM-ARCH` bring these Nodes; engine-strict makes a dependency that is too new an error.
 * `-- --pack FOLDER` does the first half, which makes dist/ anew, and `-- --packed FOLDER` the second one, which leaves
 * the checkout alone and so may run beside other work.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../src/support/paths.ts';
import { run, type RunResult } from '../src/support/run.ts';
import { checkContent, type PackedFile } from './support/packed.ts';

/** The floor of `engines.node` exactly, and the newest of a later line. */
const NODES = ['20.19.0', '24'];

/** A Node with the npm that runs this script. */
interface NodeInUse {
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
}

const root = packageRoot();
const npmCli = process.env['npm_execpath'];

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function succeed(result: RunResult): RunResult {
  if (result.status === 0) return result;
  const said = `${result.stdout}${result.stderr}`.trim();
  throw new Error(`${result.command.join(' ')}: exit status ${result.status}\n${said}`);
}

async function npm(node: string, args: readonly string[], cwd: string, env = {}): Promise<string> {
  const command: [string, ...string[]] = npmCli === undefined ? ['npm'] : [node, npmCli];
  const quiet = ['--loglevel=error', '--no-fund', '--no-audit'];
  return succeed(await run([...command, ...args, ...quiet], { cwd, env })).stdout;
}

/** Packs into a folder; gives what is in the tarball. */
async function pack(folder: string): Promise<readonly PackedFile[]> {
  rmSync(path.join(root, 'dist'), { recursive: true, force: true });
  // with npm's own order of the scripts: prepack, then prepare, which may not take away what prepack made
  const told = await npm(process.execPath, ['pack', '--json', '--pack-destination', folder], root);
  const [first] = JSON.parse(told.slice(told.indexOf('['))) as readonly { files: PackedFile[] }[];
  assert(first !== undefined);
  return first.files;
}

/** Takes a Node of a version (or the newest of a major one) from the registry. */
async function bringNode(version: string, folder: string): Promise<NodeInUse> {
  const packageName = `node-${process.platform}-${process.arch}`;
  mkdirSync(folder, { recursive: true });
  const spec = `${packageName}@${version}`;
  await npm(process.execPath, ['install', '--prefix', folder, '--no-save', spec], folder);
  const bin = path.join(folder, 'node_modules', packageName, 'bin');
  const env = { PATH: `${bin}:${process.env['PATH'] ?? ''}`, WDEV_CONSOLE_IDLE: '60000' };
  return { program: path.join(bin, 'node'), env };
}

/** Installs the tarball with a Node and uses the `wdev` that npm puts on the path. */
async function tryPackage(node: NodeInUse, tarball: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const install = ['install', '--global', '--engine-strict', '--prefix', folder, tarball];
  await npm(node.program, install, folder, node.env);
  const bin = path.join(folder, 'bin/wdev');
  const wdev = async (...args: readonly string[]): Promise<string> =>
    succeed(await run([bin, ...args], { cwd: folder, env: { ...node.env, ...GIT } })).stdout;

  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  assert.equal((await wdev('--version')).trim(), version);
  assert.match(await wdev('--help'), /watch .*every save/);
  assert.match(await wdev('templates'), /call-logger/);
  await wdev('new', 'stack', 'hello', '--namespace', 'demo', '--part', 'dialplan', '--yes');
  assert.equal(statSync(path.join(folder, 'hello/wazo/rules')).mode & 0o111, 0o111);
  assert(readdirSync(path.join(folder, 'hello')).includes('.gitignore'));
  const told = await wdev('watch', 'hello', '--once', '--json');
  assert.match(told, /"event":"verified".*"loaded":\[[^\]]*xivo-extrafeatures: \*\*\*42/);
  const shown = await wdev(
    'stack',
    'exec',
    '--kind',
    'embedded',
    '--',
    'asterisk',
    '-rx',
    'dialplan show xivo-extrafeatures',
  );
  assert.match(shown, /'\*\*\*42' =>/);
  await wdev('stack', 'down', '--kind', 'embedded');
  assert.match(await wdev('tour', '--auto'), /steps passed/);
}

const GIT = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' } as const;

async function packTo(folder: string): Promise<void> {
  const files = await pack(folder);
  checkContent(files, ['dist/guide/index.html', 'dist/guide/session.txt', 'dist/man/wdev.1']);
  say(`packed: ${files.length} files, all there and nothing else`);
}

/** Tries the tarball in a folder with each Node. */
async function tryAll(from: string, folder: string): Promise<void> {
  const name = readdirSync(from).find((one) => one.endsWith('.tgz'));
  assert(name !== undefined, `${from} holds no tarball`);
  for (const version of NODES) {
    const started = performance.now();
    const node = await bringNode(version, path.join(folder, `node-${version}`));
    const exact = succeed(await run(['node', '--version'], { env: node.env })).stdout.trim();
    if (version.includes('.')) assert.equal(exact, `v${version}`);
    await tryPackage(node, path.join(from, name), path.join(folder, `use-${version}`));
    const seconds = Math.round((performance.now() - started) / 1000);
    say(`Node ${exact}: installed with engine-strict, wdev works (${seconds} s)`);
  }
}

const { values } = parseArgs({ options: { pack: { type: 'string' }, packed: { type: 'string' } } });
const work = mkdtempSync(path.join(os.tmpdir(), 'wdev-nodes-'));
try {
  if (values.packed === undefined) await packTo(values.pack ?? work);
  if (values.pack === undefined) await tryAll(values.packed ?? work, work);
} finally {
  rmSync(work, { recursive: true, force: true });
}
