/** Runs the playbook of a fleet, and tells how it goes from what the playbook writes down. */

import { rmSync } from 'node:fs';
import path from 'node:path';
import { EXIT, UserError } from '../support/errors.ts';
import { readText, readTextIfPossible } from '../support/read-file.ts';
import { run } from '../support/run.ts';
import { runLines } from '../support/run-lines.ts';
import {
  isEither,
  isFlag,
  isListOf,
  isNothing,
  isOneOf,
  isRecord,
  isText,
  parsedJson,
  type Shape,
} from '../support/shape.ts';
import type { GateAnswer, RollEvent, ServerResult } from './events.ts';
import type { Wanted } from './version.ts';

/**
 * The servers of the playbook, in the order of the inventory, as it takes them.
 * @throws UserError `no-servers` with Ansible's own words
 */
export async function serversOf(dir: string): Promise<readonly string[]> {
  const pattern = /^ +hosts: (\S+)$/m.exec(readText(path.join(dir, 'roll.yml')))?.[1] ?? 'all';
  // ansible-playbook --list-hosts has them in no order
  const { status, stdout, stderr } = await run(['ansible', pattern, '--list-hosts'], { cwd: dir });
  const servers = stdout.split('\n').flatMap((line) => /^ {4}(\S+)$/.exec(line)?.[1] ?? []);
  if (status === 0 && servers.length > 0) return servers;
  throw new UserError('no-servers', `Ansible finds no servers: ${(stderr || stdout).trim()}`, {
    help: `In ${dir}: ansible ${pattern} --list-hosts`,
  });
}

export interface RollOrder {
  readonly dir: string;
  readonly wanted: Wanted;
  readonly sizes: readonly string[];
  readonly waves: readonly (readonly string[])[];
  readonly emit: (event: RollEvent) => void;
  readonly signal: AbortSignal;
}

/** The record that the role makes of one server (tasks/record.yml). */
interface Written {
  readonly outcome: 'done' | 'back' | 'failed';
  readonly before: string;
  readonly after: string;
  readonly why: string;
  readonly evidence: readonly GateAnswer[];
  readonly back: readonly GateAnswer[];
}

/**
 * Brings the version to the servers, and says how it went on each. True when all have it, and passed their gate.
 * @throws UserError `interrupted` (exit 130), `roll-failed` when Ansible ended without saying anything of a server
 */
export async function roll(order: RollOrder): Promise<boolean> {
  const { dir, wanted, sizes, waves, emit, signal } = order;
  const runs = path.join(dir, 'runs', `${wanted.package}_${wanted.version}`);
  rmSync(runs, { recursive: true, force: true });
  const told = new Map<string, ServerResult>();
  const refused = new Map<string, string>();
  const numbers = new Map(waves.flatMap((wave, at) => wave.map((host) => [host, at + 1] as const)));
  const waveOf = (host: string): number => numbers.get(host) ?? 0;
  const waiting = new Set(waves.flat());
  const tell = (result: ServerResult): void => {
    if (told.has(result.host)) return;
    told.set(result.host, result);
    waiting.delete(result.host);
    emit({ event: 'server', ...result });
  };
  let begun = 0;
  let changed = 0;
  const look = (): void => {
    for (const host of waiting) {
      const record = readWritten(readTextIfPossible(path.join(runs, `${host}.json`)) ?? '');
      if (record === undefined) continue;
      const { outcome, before, after, why, evidence, back } = record;
      tell({
        host,
        wave: waveOf(host),
        outcome,
        before,
        after,
        ...(why === '' ? {} : { why }),
        evidence,
        back,
      });
    }
  };
  const onLine = (line: string): boolean => {
    // each wave is a play of its own
    if (line.startsWith('PLAY [')) {
      look();
      const hosts = waves[begun];
      begun += 1;
      if (hosts !== undefined) emit({ event: 'wave', wave: begun, hosts });
    }
    const failure = /^fatal: \[([^\]\s]+)(?: -> [^\]]*)?\]: (?:FAILED|UNREACHABLE)! => (\{.*\})$/.exec(line);
    if (failure !== null) refused.set(failure[1] ?? '', readFailure(failure[2] ?? ''));
    if (line.startsWith('TASK [')) look();
    // the recap has a line for each server, after all waves
    changed += Number(/^\S+\s+: ok=\d+\s+changed=(\d+)/.exec(line)?.[1] ?? 0);
    return false;
  };
  const { status, tail } = await runLines(
    ['ansible-playbook', 'roll.yml', '-e', JSON.stringify(variables(wanted, sizes))],
    onLine,
    signal,
    { cwd: dir },
  );
  look();
  if (signal.aborted)
    throw new UserError('interrupted', 'interrupted: what runs on a server continues to its end there', {
      exit: EXIT.interrupted,
      help: 'Run the same command again: each server still knows the version before.',
    });
  if (told.size === 0 && refused.size === 0)
    throw new UserError('roll-failed', `Ansible ended with ${status}: ${tail.slice(-10).join('\n')}`, {
      help: `In ${dir}: ansible-playbook roll.yml -e wazo_plugin_name=${wanted.id} -e wazo_plugin_version=${wanted.version}`,
    });
  for (const host of waves.flat()) {
    const why = refused.get(host);
    tell({
      host,
      wave: waveOf(host),
      outcome: why === undefined ? 'untouched' : 'refused',
      ...(why === undefined ? {} : { why }),
      evidence: [],
      back: [],
    });
  }
  const counts = { done: 0, back: 0, failed: 0, refused: 0, untouched: 0 };
  for (const { outcome } of told.values()) counts[outcome] += 1;
  const ok = status === 0 && counts.done === told.size;
  emit({ event: 'ended', ok, counts, changed });
  return ok;
}

function variables({ id, version }: Wanted, sizes: readonly string[]): Readonly<Record<string, unknown>> {
  const waves = sizes.map((size) => (size.endsWith('%') ? size : Number(size)));
  return { wazo_plugin_name: id, wazo_plugin_version: version, wazo_plugin_waves: waves };
}

const isGate = isListOf(isRecord({ what: isText, ok: isEither(isFlag, isNothing), said: isText }));
const isWritten = isRecord({
  outcome: isOneOf('done', 'back', 'failed'),
  before: isText,
  after: isText,
  why: isText,
  evidence: isGate,
  back: isGate,
}) as unknown as Shape<Written>;

/** Undefined for another text: it may still be written. */
export function readWritten(text: string): Written | undefined {
  const written = parsedJson(text);
  return isWritten(written) ? written : undefined;
}

const isFailure = isRecord({}, { msg: isText, stderr: isText }) as unknown as Shape<{
  readonly msg?: string;
  readonly stderr?: string;
}>;

/** The message of a failed task, from the one line that Ansible prints. */
export function readFailure(text: string): string {
  const said = parsedJson(text);
  return isFailure(said) ? ((said.stderr ?? '').trim() || (said.msg ?? '')).trim() : text;
}
