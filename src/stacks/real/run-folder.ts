import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { usageError } from '../../support/errors.ts';
import type { ProcessMark } from '../../support/process.ts';
import { readText } from '../../support/read-file.ts';
import type { RootKind } from './recipe.ts';

/** A disposable machine with systemd, sshd and Asterisk 22 that runs on this one. */
export interface RealStack {
  readonly name: string;
  /** Process 1 of the stack, as this machine counts. */
  readonly pid: number;
  /** Its file system as this machine sees it. */
  readonly rootfs: string;
  /** Where its sshd is reached, on 127.0.0.1. */
  readonly sshPort: number;
  readonly kind: RootKind;
  /** Where the REST APIs of Wazo's services answer, by https on 127.0.0.1. */
  readonly apiPort?: number;
  /** Units of Wazo's services that it was made with. */
  readonly units: readonly string[];
  /** Private key that root of the stack accepts. */
  readonly keyFile: string;
  /** A known_hosts file with the key of this stack alone. */
  readonly knownHosts: string;
  /** Settings of ssh that name it `stack`: `ssh -F FILE stack`. */
  readonly sshConfig: string;
  /** When it was started, in milliseconds since 1970. */
  readonly startedAt: number;
  /** Everything that belongs to it, removed by `down`. */
  readonly folder: string;
}

/** Ports of 127.0.0.1 that lead into one stack. */
export interface StackPorts {
  readonly sshPort: number;
  readonly apiPort?: number;
}

/**
 * How far a stack is. Written before what it says is true, `running` excepted, which is written after; so a stack
 * that is said to run has run, and whatever else is found without its owner was cut off.
 */
export const PHASES = ['making', 'booting', 'running', 'ending'] as const;
export type Phase = (typeof PHASES)[number];

interface Recorded {
  readonly name: string;
  readonly phase: Phase;
  readonly startedAt: number;
  /** The process that makes or ends it. While it runs: the one that it is for, if it is not to outlive that. */
  readonly owner?: ProcessMark;
}

/** The record of a stack on disk. */
export interface MachineState extends Recorded, StackPorts {
  readonly what: 'machine';
  readonly nspawn?: ProcessMark;
  readonly leader?: ProcessMark;
  /** `real` in records of earlier versions. */
  readonly kind?: RootKind;
  readonly units?: readonly string[];
  /** The folders that it is an overlay over, uppermost first. */
  readonly lowers?: readonly string[];
  /** The same, by the label of a snapshot. */
  readonly snapshots?: Readonly<Record<string, readonly string[]>>;
}

/** The record of a root whose programs one process uses (debian-root.ts). */
export interface ToolsState extends Recorded {
  readonly what: 'tools';
}

export type StackState = MachineState | ToolsState;

/** Stacks belong to the machine, not to a project: their state lies where a restart of it clears it. */
export const STACKS = '/run/wdev/stacks';

export function stackFolder(name: string): string {
  if (!isStackName(name)) {
    throw usageError(
      `--name ${name}: a stack's name has lower-case letters, digits and hyphens, at most 32`,
      'For example: --name test-1',
    );
  }
  return path.join(STACKS, name);
}

export function isStackName(name: string): boolean {
  return /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/.test(name);
}

/** The name of a stack's mount, machine and control groups. */
export function machineName(name: string): string {
  return `wdev-${name}`;
}

/** The stack whose mount, machine or control group has this name; undefined when it is none of ours. */
export function stackOfMachine(text: string): string | undefined {
  const name = text.startsWith('wdev-') ? text.slice('wdev-'.length) : '';
  return isStackName(name) ? name : undefined;
}

export function lockOf(name: string): string {
  return `${stackFolder(name)}.lock`;
}

export function writeState(state: StackState): void {
  const file = path.join(stackFolder(state.name), 'state.json');
  writeFileSync(`${file}.tmp`, JSON.stringify(state));
  renameSync(`${file}.tmp`, file);
}

/** The record; undefined when there is none that can be read. */
export function readState(name: string): StackState | undefined {
  let text: string;
  try {
    text = readText(path.join(stackFolder(name), 'state.json'));
  } catch {
    return undefined;
  }
  return parseState(name, text);
}

/** Reads a record. One without a phase is of an earlier wdev, which wrote both processes once it booted. */
export function parseState(name: string, text: string): StackState | undefined {
  try {
    const read = JSON.parse(text) as Readonly<Record<string, unknown>> | null;
    if (read?.['name'] !== name) return undefined;
    const phase = read['leader'] === undefined ? 'making' : 'running';
    const state = { what: 'machine', phase, ...read } as unknown as StackState;
    const ports = state.what === 'machine' ? [state.sshPort] : [];
    const isWhole = [state.startedAt, ...ports].every((number) => typeof number === 'number');
    return isWhole && PHASES.includes(state.phase) ? state : undefined;
  } catch {
    return undefined;
  }
}

/** Names of all stacks that have a folder, whatever state they are in. */
export function stackNames(): string[] {
  if (!existsSync(STACKS)) return [];
  return readdirSync(STACKS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && isStackName(entry.name))
    .map((entry) => entry.name)
    .sort();
}
