import { paint } from '../terminal/paint.ts';
import type { Command, CommanderError } from '../cli/commander.ts';
import { jsonOption, targetOption, trustOption } from '../cli/options.ts';
import { runsPrograms } from '../cli/programs.ts';
import { wrap } from '../terminal/wrap.ts';
import { print, printJson } from '../terminal/output.ts';
import path from 'node:path';
import type { Lister } from '../git/sources.ts';
import type { Finding } from '../findings/finding.ts';
import type { Plugin } from '../kinds/plugin.ts';
import type { InstalledStatus, NeededService, StatusReport } from '../status/status.ts';
import type { PackageBelow } from '../status/past.ts';
import type { SourceState } from '../status/source-state.ts';

interface StatusFlags {
  readonly target?: string;
  readonly trust?: true;
  readonly json?: true;
}

const DETAILS = `
Shows for each plugin that wdev installed on the target: its files (edited on
the target, or missing), its contexts in Asterisk, its services (and which of
them were not restarted since its files changed), and whether the sources below
this folder are newer.`;

export function configure(command: Command): void {
  command
    .addOption(targetOption())
    .addOption(trustOption())
    .addOption(jsonOption())
    .addHelpText('after', DETAILS)
    .action(async (flags: StatusFlags) => {
      const report = await read(flags);
      if (flags.json === true) printJson(report);
      else print(linesOf(report));
    });
  runsPrograms(command);
}

async function read(flags: StatusFlags): Promise<Report> {
  const [{ readStatus }, { onTarget }, { discoverPlugins }, { listOnce }] = await Promise.all([
    import('../status/status.ts'),
    import('../cli/target.ts'),
    import('../kinds/discover.ts'),
    import('../git/sources.ts'),
  ]);
  const sources = discoverPlugins(['.']);
  const list = listOnce(sources.map(({ dir }) => dir));
  // this machine is busy with one while the target is with the other
  const [report, warnings] = await Promise.all([
    onTarget(flags, async (target) => await readStatus(target, sources, list)),
    warningsOf(sources, list),
  ]);
  const installed = new Set(report.plugins.map(({ id }) => id));
  return { ...report, warnings: warnings.filter(({ plugin }) => installed.has(plugin)) };
}

interface Warnings {
  readonly plugin: string;
  readonly dir: string;
  readonly findings: readonly Finding[];
}

type Report = StatusReport & {
  /** Findings of wdev check about the sources of installed plugins. */
  readonly warnings: readonly Warnings[];
};

async function warningsOf(plugins: readonly Plugin[], list: Lister): Promise<readonly Warnings[]> {
  if (plugins.length === 0) return [];
  const [{ judgePlugins }, { askMake }, { allowances }] = await Promise.all([
    import('../check/check.ts'),
    import('../stage/ask-make.ts'),
    import('../sandbox/bounds.ts'),
  ]);
  const listed = await Promise.all(
    plugins.map(async (plugin) => {
      // one that cannot be listed has a word of its own in the report
      const sources = await list(plugin.dir).catch(() => undefined);
      return sources === undefined ? [] : [{ plugin, sources }];
    }),
  );
  const read = listed.flat();
  const given = allowances();
  const made = await askMake(read, undefined, given.allowance);
  const judged = await judgePlugins(read, { made, ...given });
  return judged.map(({ judgements }, at) => ({
    plugin: read[at]?.plugin.id ?? '',
    dir: read[at]?.plugin.dir ?? '',
    findings: judgements.map(({ finding }) => finding).filter(({ level }) => level === 'warning'),
  }));
}

function linesOf(report: Report): readonly string[] {
  const place = (name: string): string =>
    report.root === undefined ? name : path.relative('', `${report.root}${name}`);
  const lines = [
    `Target ${paint.bold(report.target)}: ${report.root === undefined ? '' : 'the stand-in for '}Asterisk ${asteriskText(report)}`,
  ];
  if (report.watchedBy !== undefined) lines.push(`  in use by ${report.watchedBy}`);
  if (report.interrupted) {
    lines.push(
      paint.yellow('  ! a batch was interrupted; the next wdev that opens the target rolls it back'),
    );
  }
  for (const plugin of report.plugins) {
    lines.push('', ...pluginLines(plugin, place));
    const { dir = '', findings = [] } = report.warnings.find((one) => one.plugin === plugin.id) ?? {};
    if (findings.length > 0) lines.push(sign(false, `${count(findings.length, 'warning')} of wdev check:`));
    for (const { file, line, message, code } of findings.slice(0, MOST_WARNINGS)) {
      const place = [
        ...(file === undefined ? [] : [path.relative('', path.join(dir, file))]),
        ...(line === undefined ? [] : [line]),
      ];
      const text = [place.join(':'), `${message} [${code}]`].filter((part) => part !== '').join(': ');
      lines.push(...wrap(text, 80, '      ', '        '));
    }
    if (findings.length > MOST_WARNINGS)
      lines.push(paint.dim(`      and ${findings.length - MOST_WARNINGS} more: wdev check`));
  }
  if (report.plugins.length === 0) lines.push('', 'No plugins installed by wdev.');
  if (report.left.length > 0) lines.push('', KEPT, ...report.left.map((name) => `  ${place(name)}`));
  const absent = report.notInstalled.map(({ id, package: own }) =>
    own === undefined ? id : `${id} (there as Debian package ${own.name} ${own.version})`,
  );
  const most = 5;
  const more = absent.length > most ? ` and ${absent.length - most} more` : '';
  if (absent.length > 0) {
    lines.push(
      '',
      `Not installed: ${absent.slice(0, most).join(', ')}${more}. Install ${absent.length === 1 ? 'it' : 'them'}: wdev install`,
    );
  }
  return lines;
}

const KEPT = 'Edited on the target, so kept when their plugin was uninstalled:';

function asteriskText({ asterisk }: StatusReport): string {
  if (asterisk === 'running') return 'is running';
  return asterisk === 'stopped' ? paint.red('does not answer') : 'is not there';
}

function pluginLines(plugin: InstalledStatus, place: (name: string) => string): readonly string[] {
  const { id, version, installedAt, files, contexts, services, packages = [], source } = plugin;
  const odd = files.filter(({ state }) => state !== 'unchanged');
  const lines = [`${paint.bold([id, version].join(' ').trim())}  ${paint.dim(`installed ${installedAt}`)}`];
  lines.push(
    sign(odd.length === 0, `${count(files.length, 'file')}, ${oddText(odd.length)}${whyText(plugin)}`),
  );
  for (const { path: name, state } of odd) lines.push(`      ${place(name)}: ${FILE_STATE[state]}`);
  for (const below of packages) lines.push(`    ${packageText(below)}`);
  for (const { name, loaded, extensions } of contexts) {
    const what = loaded ? shortened(extensions) : 'not loaded as the files say: see wdev why';
    lines.push(sign(loaded, `context ${name}: ${what}`));
  }
  for (const service of services) {
    if (service.standIn === true) {
      lines.push(`  ${paint.dim('–')} ${service.unit}: ${serviceText(service)}`);
      continue;
    }
    lines.push(
      sign(
        service.state === 'active' && !service.stale && service.clockWasSet !== true,
        `${service.unit}: ${serviceText(service)}`,
      ),
    );
  }
  if (source !== undefined) lines.push(sign(source.state === 'current', sourceText(source)));
  return lines;
}

/** The lines below the files: packages, and what saves did to them. */
function packageText({ name, version, files, replaced, own }: PackageBelow): string {
  const what = own ? 'over its Debian package' : 'over files of Debian package';
  return `${what} ${name} ${version}: ${replaced} of ${count(files, 'file')} replaced until wdev restore`;
}

/** Warnings of one plugin that are listed. */
const MOST_WARNINGS = 10;

const FILE_STATE = { unchanged: 'unchanged', edited: 'edited on the target', missing: 'missing' } as const;

function sign(good: boolean, what: string): string {
  return `  ${good ? paint.green('✓') : paint.yellow('!')} ${what}`;
}

function oddText(odd: number): string {
  return odd === 0 ? 'unchanged' : `${odd} changed`;
}

/** The command for one plugin. */
export function hint(error: CommanderError): string | undefined {
  return error.code === 'commander.excessArguments'
    ? 'For all plugins: wdev status. For one: wdev why PLUGIN'
    : undefined;
}

/** Where to look further; `wdev why` needs the sources. */
function whyText({ files, source }: InstalledStatus): string {
  if (source === undefined || files.every(({ state }) => state === 'unchanged')) return '';
  return `: see wdev why ${path.relative('', source.dir)}`.trimEnd();
}

function shortened(names: readonly string[]): string {
  const most = 6;
  if (names.length === 0) return 'loaded';
  return names.length > most
    ? `${names.slice(0, most).join(' ')} and ${names.length - most} more`
    : names.join(' ');
}

function serviceText({ state, since, stale, clockWasSet, standIn }: NeededService): string {
  if (state === 'absent') return 'is not on the target';
  if (state !== 'active') return `is ${state}`;
  if (standIn === true) return 'not in the embedded stack, which only records its restarts';
  const running = `running since ${since ?? 'the machine started'}`;
  if (clockWasSet === true)
    return "running; the target's clock was set since it began, so whether it has its files cannot be told: restart it";
  return stale ? `${running}, not restarted since its files changed` : running;
}

function sourceText({ dir, state, differs, problem }: SourceState): string {
  if (state === 'current') return `sources unchanged since then (${dir})`;
  if (state === 'broken') return `the sources in ${dir} cannot be staged: ${problem ?? ''}`;
  return `stale: ${count(differs.length, 'file')} differ${differs.length === 1 ? 's' : ''} from the sources in ${dir}`;
}

function count(amount: number, what: string): string {
  return `${amount} ${what}${amount === 1 ? '' : 's'}`;
}
