import { rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { rulesOf } from '../git/sources.ts';
import { buildPackage, type BuiltPackage } from '../package/build.ts';
import type { Gathered } from '../package/gather.ts';
import type { Plugin } from '../kinds/plugin.ts';
import { isError, type Finding } from '../findings/finding.ts';
import { noStack } from '../stacks/any-stack.ts';
import { standing } from '../stacks/real/clear.ts';
import { temporaryFolder } from '../support/temp-folder.ts';
import type { Emit } from './events.ts';
import { rehearseFaults } from './faults.ts';
import { Machine, hasPlugind } from './machine.ts';
import { needsOf } from './needs.ts';
import type { PlugindPhase } from './through-plugind.ts';
import { Rehearsal } from './phases.ts';
import { addStandIns } from './stand-ins.ts';
import { during } from '../support/doing.ts';

export interface RehearseOptions {
  readonly faults: boolean;
  /**
   * A stack that runs: another is made as `up` made that one. Else the name of the one that is made; one that nobody
   * else has, by default. What is made is ended in any case.
   */
  readonly stack?: string;
  /** The facts of git about a plugin's folder, where they are not as the disk has them. */
  readonly gathered?: Gathered;
  readonly emit: Emit;
  readonly onProgress: (text: string) => void;
  /** Ends the rehearsal at the next step. */
  readonly signal: AbortSignal;
}

/**
 * Takes the packages of plugins through their life on a throw-away real stack, each on one of its own.
 * @returns whether no finding of level error came up
 * @throws UserError `no-stack` for that of Wazo's services that does not run, `stack-requirements` and others when no
 *   real stack can be had
 */
export async function rehearse(plugins: readonly Plugin[], options: RehearseOptions): Promise<boolean> {
  const { stack: name } = options;
  const isRunning = name !== undefined && standing(name).is === 'running';
  // by that name a person means the services, not a machine that is called so
  if (name === 'wazo' && !isRunning) throw noStack({ name, kind: 'wazo', project: '.' });
  const out = temporaryFolder('rehearse');
  try {
    let good = true;
    for (const [id, plugin] of plugins.entries()) {
      if (options.signal.aborted) break;
      good = (await rehearseOne(id + 1, plugin, out, options)) && good;
    }
    return good;
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

async function rehearseOne(
  id: number,
  plugin: Plugin,
  out: string,
  options: RehearseOptions,
): Promise<boolean> {
  const { emit } = options;
  const started = performance.now();
  const all: Finding[] = [];
  const tell = (findings: readonly Finding[]): void => {
    for (const finding of findings) {
      if (all.some((known) => sameFinding(known, finding))) continue;
      all.push(finding);
      emit({ event: 'finding', plugin: plugin.id, ...finding });
    }
  };
  const { gathered } = options;
  const built = await during(
    `building the package of ${plugin.id}`,
    async () => await buildPackage(plugin, out, gathered === undefined ? {} : { gathered }),
  );
  tell(built.findings);
  const loaded = built.ok ? await onMachine(id, built.built, tell, options) : [];
  const ms = Math.round(performance.now() - started);
  const good = !all.some(isError);
  if (good) emit({ event: 'verified', id, plugin: plugin.id, ms, loaded });
  else emit({ event: 'failed', id, plugin: plugin.id, findings: all });
  return good;
}

function sameFinding(a: Finding, b: Finding): boolean {
  return a.code === b.code && a.file === b.file && a.line === b.line && a.message === b.message;
}

/** Phases of a rehearsal that went well. */
const PHASES = 6;

async function onMachine(
  id: number,
  built: BuiltPackage,
  tell: (findings: readonly Finding[]) => void,
  options: RehearseOptions,
): Promise<readonly string[]> {
  const { emit, signal } = options;
  const like =
    options.stack !== undefined && standing(options.stack).is === 'running' ? options.stack : undefined;
  const own = like === undefined ? options.stack : undefined;
  const name = own ?? `rehearse-${randomBytes(4).toString('hex')}`;
  const plugin = built.plugin.id;
  const fresh = async (): Promise<Machine> => {
    const machine = await Machine.start(name, options.onProgress, signal, like);
    const units = needsOf(built).flatMap(({ effect }) => (effect.do === 'restart' ? [effect.unit] : []));
    const standIns = await addStandIns(machine, rulesOf(built.sources), units);
    const copy = like === undefined ? {} : { copyOf: `stack:${like}` };
    const daemon = machine.stack.kind === 'wazo' ? { plugind: hasPlugind(machine) } : {};
    if (!announced)
      emit({ event: 'ready', plugins: [plugin], target: `stack:${name}`, ...copy, ...daemon, standIns });
    announced = true;
    return machine;
  };
  let announced = false;
  try {
    const machine = await fresh();
    const phases: string[] = [];
    const rehearsal = new Rehearsal(machine, built, signal, (phase, done, findings) => {
      const { ms, output, scripts } = done;
      const ok = !findings.some(isError);
      if (ok) phases.push(phase);
      emit({ event: 'action', id, plugin, do: phase, ok, ms: Math.round(ms), output, scripts });
      tell(findings);
    });
    await rehearsal.run();
    // a step that fails undisturbed proves nothing when it is disturbed
    if (signal.aborted || phases.length < PHASES) return phases;
    if (hasPlugind(machine)) {
      const { rehearsePlugind } = await import('./through-plugind.ts');
      const report = ({ phase, findings, ms, ...told }: PlugindPhase): void => {
        emit({ event: 'action', id, plugin, do: phase, ms: Math.round(ms), ...told });
        if (told.ok) phases.push(phase);
        tell(findings);
      };
      const { onProgress } = options;
      const good = await rehearsePlugind(machine, built, { signal, onProgress, report });
      if (!good) return phases;
    }
    if (!options.faults || signal.aborted) return phases;
    const recovered = await rehearseFaults(machine, built, {
      signal,
      fresh: async (old) => {
        await old.end();
        return await fresh();
      },
      report: (fault, ok, ms, findings, output) => {
        emit({ event: 'action', id, plugin, do: `fault: ${fault}`, ok, ms: Math.round(ms), output });
        tell(findings);
      },
    });
    return [...phases, recovered];
  } finally {
    const { downReal } = await import('../stacks/real.ts');
    await during('ending the stack', async () => await downReal(name));
  }
}
