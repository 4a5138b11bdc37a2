import { existsSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { usageError } from '../../support/errors.ts';
import { isAlive } from '../../support/process.ts';

/** A disposable machine with systemd, sshd and Asterisk 22 that runs on this one. */
export interface RealStack {
  readonly name: string;
  /** Process 1 of the stack, as this machine counts. */
  readonly pid: number;
  /** Its file system as this machine sees it. */
  readonly rootfs: string;
  /** Where its sshd listens, on 127.0.0.1. */
  readonly sshPort: number;
  /** Where the stand-in of wazo-confgend listens, on 127.0.0.1. */
  readonly confgendPort: number;
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

/** Ports of 127.0.0.1 that belong to one stack. */
export interface StackPorts {
  readonly sshPort: number;
  readonly confgendPort: number;
  readonly iaxPort: number;
}

/** The record of a stack on disk, before it runs (no pid) and while it does. */
export interface StackState extends StackPorts {
  readonly name: string;
  readonly startedAt: number;
  readonly nspawn?: ProcessMark;
  readonly leader?: ProcessMark;
}

export interface ProcessMark {
  readonly pid: number;
  readonly start: string;
}

/** Stacks belong to the machine, not to a project: their state lies where a restart of it clears it. */
export const STACKS = '/run/wdev/stacks';

export function stackFolder(name: string): string {
  if (!/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/.test(name)) {
    throw usageError(
      `--name ${name}: a stack's name has lower-case letters, digits and hyphens, at most 32`,
      'For example: --name test-1',
    );
  }
  return path.join(STACKS, name);
}

export function writeState(state: StackState): void {
  const file = path.join(stackFolder(state.name), 'state.json');
  writeFileSync(`${file}.tmp`, JSON.stringify(state));
  renameSync(`${file}.tmp`, file);
}

export function readState(name: string): StackState | undefined {
  try {
    return JSON.parse(readFileSync(path.join(stackFolder(name), 'state.json'), 'utf8')) as StackState;
  } catch {
    return undefined;
  }
}

/** The stack if it runs. */
export function runningStack(name: string): RealStack | undefined {
  const state = readState(name);
  if (state?.leader === undefined || state.nspawn === undefined) return undefined;
  if (![state.nspawn, state.leader].every(({ pid, start }) => isAlive(pid, start))) return undefined;
  const folder = stackFolder(name);
  return {
    name,
    pid: state.leader.pid,
    rootfs: path.join(folder, 'root'),
    sshPort: state.sshPort,
    confgendPort: state.confgendPort,
    keyFile: path.join(folder, 'key'),
    knownHosts: path.join(folder, 'known_hosts'),
    sshConfig: path.join(folder, 'ssh_config'),
    startedAt: state.startedAt,
    folder,
  };
}

/** Names of all stacks that have a folder, running or left over. */
export function stackNames(): string[] {
  if (!existsSync(STACKS)) return [];
  return readdirSync(STACKS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}
