import { durationText } from '../terminal/duration.ts';
import { existsSync } from 'node:fs';
import { paint } from '../terminal/paint.ts';
import type { Command } from '../cli/commander.ts';
import { eventsOption, targetOption, trustOption } from '../cli/options.ts';
import { eventPrinter, print as printLines } from '../terminal/output.ts';
import { runsPrograms } from '../cli/programs.ts';
import { EXIT } from '../support/errors.ts';
import { isError, type Finding } from '../findings/finding.ts';
import { effectLabel } from '../effects/registry.ts';
import { NO_EVIDENCE } from '../effects/evidence/verify.ts';
import type { LoopEvent } from '../loop/events.ts';
import type { Uninstalled } from '../status/uninstall.ts';
import type { InstalledPlugin, Session } from '../targets/session.ts';

interface UninstallFlags {
  readonly target?: string;
  readonly trust?: true;
  readonly json?: true;
}

const DETAILS = `
Removes the files of the plugins, and restores those that they replaced. Does
not ask. Other plugins stay. A version that wazo-plugind or you had installed
before serves again. By name, this works without the sources of the plugin.`;

export function configure(command: Command): void {
  command
    .argument('[path...]', 'plugin folders, or names as wdev status lists them (default: this folder)')
    .addOption(targetOption())
    .addOption(trustOption())
    .addOption(eventsOption())
    .addHelpText('after', DETAILS)
    .action(async (paths: string[], flags: UninstallFlags) => {
      process.exitCode = await uninstall(paths.length > 0 ? paths : ['.'], flags);
    });
  runsPrograms(command);
}

async function uninstall(paths: readonly string[], flags: UninstallFlags): Promise<number> {
  const [{ inSession }, { uninstallPlugin }, { editedLeft }, { stillThere }] = await Promise.all([
    import('../cli/target.ts'),
    import('../status/uninstall.ts'),
    import('../status/past.ts'),
    import('../targets/foreign.ts'),
  ]);
  const print = flags.json === true ? jsonPrinter() : await textPrinter();
  return await inSession(flags, async (session) => {
    const chosen = await choose(session, paths);
    const left = chosen.absent.length > 0 ? await editedLeft(session) : [];
    for (const id of chosen.absent) {
      const findings = left.map((file) => stillThere(session.target, file));
      print.absent(id, session.target.id, findings);
    }
    let failed = false;
    for (const [index, plugin] of chosen.installed.entries()) {
      const started = performance.now();
      const result = await uninstallPlugin(session, plugin);
      print.done(index + 1, result, performance.now() - started);
      failed ||= result.findings.some(isError);
    }
    print.end();
    return failed ? EXIT.failed : EXIT.done;
  });
}

interface Chosen {
  readonly installed: readonly InstalledPlugin[];
  readonly absent: readonly string[];
}

/** The plugins that the given folders and names mean, and which of them are not there. */
async function choose({ installed, target }: Session, paths: readonly string[]): Promise<Chosen> {
  const [{ discoverPlugins }, { usageError }] = await Promise.all([
    import('../kinds/discover.ts'),
    import('../support/errors.ts'),
  ]);
  const known = `Installed on ${target.id}: ${[...installed.keys()].join(', ') || 'none'}.`;
  const ids = paths.flatMap((name) => {
    if (installed.has(name)) return [name];
    if (!existsSync(name))
      throw usageError(`${name} is neither a folder nor a plugin on ${target.id}`, known);
    return discoverPlugins([name]).map(({ id }) => id);
  });
  if (ids.length === 0) throw usageError(`no plugin found in ${paths.join(', ')}`, known);
  const wanted = [...new Set(ids)];
  return {
    installed: wanted.flatMap((id) => installed.get(id) ?? []),
    absent: wanted.filter((id) => !installed.has(id)),
  };
}

interface Printer {
  done(id: number, result: Uninstalled, ms: number): void;
  /** `findings`: about files of plugins that were uninstalled before. */
  absent(plugin: string, target: string, findings: readonly Finding[]): void;
  end(): void;
}

function jsonPrinter(): Printer {
  const emit: (event: LoopEvent) => void = eventPrinter();
  return {
    done(id, result, ms) {
      const { plugin, paths, plan, findings } = result;
      const effects = plan.effects.map(({ effect }) => effectLabel(effect));
      const actions = [...paths.map((path) => `remove ${path}`), ...effects];
      const skipped = plan.skipped.map(({ what }) => what);
      emit({
        event: 'plan',
        id,
        actions,
        because: plan.effects.map(({ because }) => because),
        skipped,
        parts: [{ plugin, files: paths.length, actions: effects, skipped }],
      });
      const lesser = findings.filter((finding) => !isError(finding));
      for (const finding of lesser) emit({ event: 'finding', plugin, ...finding });
      if (findings.some(isError)) emit({ event: 'failed', id, plugin, findings });
      else emit({ event: 'verified', id, plugin, ms: Math.round(ms), loaded: [], evidence: NO_EVIDENCE });
    },
    absent: (plugin, _target, findings) => {
      for (const finding of findings) emit({ event: 'finding', plugin, ...finding });
      emit({ event: 'verified', id: 0, plugin, ms: 0, loaded: [], evidence: NO_EVIDENCE });
    },
    end: () => emit({ event: 'stopped', reason: 'done' }),
  };
}

async function textPrinter(): Promise<Printer> {
  const { findingLines } = await import('../terminal/finding-text.ts');
  const print = (text: string): void => printLines([text]);
  return {
    done(_id, { plugin, paths, putBack, earlier, plan, findings }, ms) {
      const bad = findings.some(isError);
      const back = putBack.length === 0 ? '' : `, ${putBack.length} earlier restored`;
      const serves = earlier ? ', the version before wdev serves again' : '';
      const effects = plan.effects.map(({ effect }) => `, ${effectLabel(effect)}`).join('');
      const time = paint.dim(`  ${durationText(ms)}`);
      const sign = bad ? paint.red('✗') : paint.green('✓');
      print(
        `${sign} ${paint.bold(plugin)}  removed ${paths.length} ${paths.length === 1 ? 'file' : 'files'}${back}${effects}${serves}${time}`,
      );
      for (const finding of findings)
        for (const line of findingLines(finding, () => undefined)) print(`  ${line}`);
    },
    absent: (plugin, target, findings) => {
      print(`${paint.bold(plugin)} is not installed on target ${target}.`);
      for (const finding of findings)
        for (const line of findingLines(finding, () => undefined)) print(`  ${line}`);
    },
    end: () => undefined,
  };
}
