import { readFileSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { isError, type Finding } from '../../src/findings/finding.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { Watch, project } from '../support/watch.ts';
import { BIN } from '../support/wdev.ts';
import { applyRow, takeBack } from './judges.ts';
import { goods } from './plugins.ts';
import { COMMANDS, PLUGINS, type Command, type Recordings, type Row } from './row.ts';
import { changeOf } from './rows.ts';

/** A command that said something else than the real thing. */
export interface Wrong {
  readonly row: string;
  readonly command: Command;
  readonly kind: 'success' | 'failure' | 'reason';
  /** Its output. */
  readonly says: string;
}

export const RECORDED = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'recorded.json'), 'utf8'),
) as Recordings;

/** The verdict of the real thing on a row. */
export function truthOf(row: Row): boolean {
  const recorded = RECORDED.rows[row.name];
  if (recorded === undefined || recorded.of !== changeOf(row)) {
    throw new Error(`Nobody was asked about: ${row.name}. Record it: npm run truth:record`);
  }
  return recorded.works;
}

/** The verdict of a command on a row, beside the truth; undefined where it is right, or need not know. */
export function judge(
  row: Row,
  command: Command,
  works: boolean,
  errors: readonly Finding[],
): Wrong | undefined {
  const says = errors.map(({ code, file, line }) => `${code} ${file ?? ''}:${line ?? ''}`).join(', ');
  const wrong = (kind: Wrong['kind']): Wrong => ({ row: row.name, command, kind, says });
  if (works) return errors.length === 0 ? undefined : wrong('failure');
  if (row.unknownTo?.includes(command) === true) return undefined;
  if (errors.length === 0) return wrong('success');
  const { code, file, line } = row.says ?? {};
  const fits = errors.some(
    (error) =>
      (code === undefined || code.split('|').includes(error.code)) &&
      (file === undefined || error.file === file) &&
      (line === undefined || error.line === line),
  );
  return fits ? undefined : wrong('reason');
}

/** The plugins under a watch of a product, which lies below `root`. */
export class Table {
  readonly #place = project();
  readonly #good = goods(path.join(this.#place.dir, 'good'));
  readonly #watch: Watch;
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
    mkdirSync(path.join(this.#place.dir, 'good'));
    const names = Object.keys(PLUGINS) as (keyof typeof PLUGINS)[];
    const dirs = names.map((plugin) => {
      cpSync(this.#good({ plugin }), this.#dir({ plugin }), { recursive: true, verbatimSymlinks: true });
      return `watched/${plugin}`;
    });
    // another product than the built one is run from its sources
    const isBuilt = root === packageRoot();
    const loader = { NODE_OPTIONS: `--import ${import.meta.resolve('tsx')}` };
    const bin = isBuilt ? BIN : path.join(root, 'src/bin.ts');
    this.#watch = new Watch(dirs, this.#place.dir, isBuilt ? {} : loader, [], bin);
  }

  static async open(root = packageRoot()): Promise<Table> {
    const table = new Table(root);
    const waiting = new Set(Object.keys(PLUGINS));
    while (waiting.size > 0) waiting.delete((await table.#watch.next('verified')).plugin.split('/')[1] ?? '');
    return table;
  }

  async close(): Promise<void> {
    await this.#watch.stop();
    await this.#place.remove();
  }

  #dir({ plugin }: Pick<Row, 'plugin'>): string {
    return path.join(this.#place.dir, 'watched', plugin);
  }

  /** Makes the change of a row, asks the commands about it, and takes it back. */
  async ask(row: Row, commands: readonly Command[] = COMMANDS): Promise<readonly Wrong[]> {
    const works = truthOf(row);
    const found: Wrong[] = [];
    const dir = this.#dir(row);
    const told = (command: Command, errors: readonly Finding[]): void => {
      const wrong = judge(row, command, works, errors.filter(isError));
      if (wrong !== undefined) found.push(wrong);
    };
    const root = path.join(this.#place.dir, '.wdev/stack/root');
    for (const [name, text] of Object.entries(row.server ?? {})) {
      mkdirSync(path.dirname(root + name), { recursive: true });
      writeFileSync(root + name, text);
    }
    this.#watch.forget();
    applyRow(dir, this.#good(row), row);
    if (commands.includes('watch')) {
      const errors = await this.#watched(row);
      if (row.renames !== true || !works) told('watch', errors);
    }
    if (commands.includes('check')) told('check', await this.#check(dir));
    if (commands.includes('build')) told('build', await this.#build(dir));
    this.#watch.forget();
    takeBack(dir, this.#good(row), row);
    const left = commands.includes('watch') ? await this.#watched(row) : [];
    for (const name of Object.keys(row.server ?? {})) rmSync(root + name);
    if (left.length > 0) {
      found.push({
        row: `${row.name}, rolled back`,
        command: 'watch',
        kind: 'failure',
        says: left.map(({ message }) => message).join(', '),
      });
    }
    return found;
  }

  async #load<Module>(file: string): Promise<Module> {
    return (await import(pathToFileURL(path.join(this.#root, 'src', file)).href)) as Module;
  }

  async #plugin(
    dir: string,
  ): Promise<Parameters<typeof import('../../src/check/check.ts').checkPlugin>[0] | undefined> {
    const { readPlugin } =
      await this.#load<typeof import('../../src/kinds/discover.ts')>('kinds/discover.ts');
    return readPlugin(dir);
  }

  async #check(dir: string): Promise<readonly Finding[]> {
    const plugin = await this.#plugin(dir);
    if (plugin === undefined) return [NO_PLUGIN];
    const { checkPlugin } = await this.#load<typeof import('../../src/check/check.ts')>('check/check.ts');
    const { listSources } = await this.#load<typeof import('../../src/git/sources.ts')>('git/sources.ts');
    return await checkPlugin(plugin, await listSources(dir));
  }

  async #build(dir: string): Promise<readonly Finding[]> {
    const plugin = await this.#plugin(dir);
    if (plugin === undefined) return [NO_PLUGIN];
    const { buildPackage } =
      await this.#load<typeof import('../../src/package/build.ts')>('package/build.ts');
    return (await buildPackage(plugin, path.join(this.#place.dir, 'built'))).findings;
  }

  /** The last word of the loop on a change: on a busy machine, its files may come in several batches. */
  async #watched({ files, plugin }: Row): Promise<readonly Finding[]> {
    const missing = new Set(Object.keys(files));
    let last = 0;
    for (;;) {
      const event = await this.#watch.next(['batch', 'verified', 'failed']);
      if (!event.plugin.endsWith(`/${plugin}`)) continue;
      if (event.event === 'batch') {
        for (const file of event.files) missing.delete(file);
        last = event.id;
      } else if (missing.size === 0 && event.id === last) {
        return event.event === 'failed' ? event.findings.filter(isError) : [];
      }
    }
  }
}

/** Of a folder in which no command finds a plugin. */
const NO_PLUGIN: Finding = { code: 'manifest-missing', level: 'error', message: 'no plugin' };

/** Figures of a run. */
export function summary(rows: number, wrong: readonly Wrong[]): string {
  const count = (kind: Wrong['kind']): number => wrong.filter((one) => one.kind === kind).length;
  return `truth: ${rows} rows, ${count('success')} wrong successes, ${count('failure')} wrong failures, ${count('reason')} wrong reasons`;
}
