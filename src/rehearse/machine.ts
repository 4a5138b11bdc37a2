import { chmodSync, cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { downReal, realCommand, upReal, type RealStack } from '../stacks/real.ts';
import { packageRoot } from '../support/paths.ts';
import { run, type RunResult } from '../support/run.ts';
import { lowersOf, takeSnapshot, type Snapshot } from './snapshot.ts';
import { readBytes } from '../support/read-file.ts';
import { makeFolders } from '../support/make-folders.ts';

/** Folder inside the machine, in memory, with what the rehearsal needs. */
export const HERE = '/run/wdev-rehearsal';

/** One call that a maintainer script made of a program that is watched. */
export interface WatchedCall {
  readonly count: number;
  readonly script: string;
  /** Line of rules, if a traced copy of them ran. */
  readonly line?: number;
  readonly command: string;
  /** Files of the package that were there at that moment. */
  readonly present: readonly string[];
}

/** A throw-away real stack on which packages are installed and removed. */
export class Machine {
  readonly #stack: RealStack;
  readonly #lowers: readonly string[];

  private constructor(stack: RealStack) {
    this.#stack = stack;
    this.#lowers = lowersOf(stack.rootfs);
  }

  /**
   * @param like a stack that runs, of which it is another; one with Asterisk alone by default
   * @throws UserError `stack-requirements`, `root-failed`, `boot-failed`, `interrupted`
   */
  static async start(
    name: string,
    onProgress: (text: string) => void,
    signal: AbortSignal,
    like?: string,
  ): Promise<Machine> {
    const options = { onProgress, signal, forUs: true, ...(like === undefined ? {} : { like }) };
    const machine = new Machine(await upReal(name, options));
    await machine.sh(`mkdir -p ${HERE}/bin /var/lib/wazo-plugind/rules; : > ${HERE}/files`);
    const assets = path.join(packageRoot(), 'src/rehearse');
    machine.put(`${HERE}/shim`, readBytes(path.join(assets, 'shim.sh')), 0o755);
    machine.put(`${HERE}/sh`, readBytes(path.join(assets, 'interpreter.sh')), 0o755);
    return machine;
  }

  get stack(): RealStack {
    return this.#stack;
  }

  async end(): Promise<void> {
    await downReal(this.#stack.name);
  }

  /** Runs a shell script as root; stderr comes in `stdout`, in order. */
  async sh(script: string): Promise<RunResult> {
    const command = realCommand(this.#stack, ['/bin/sh', '-c', `exec 2>&1\n${script}`]);
    return await run(command, { timeout: 600_000 });
  }

  /** Writes a file, seen by the machine at once, also below its /run. */
  put(file: string, bytes: Uint8Array | string, mode = 0o644): void {
    const full = `/proc/${this.#stack.pid}/root${file}`;
    makeFolders(path.dirname(full));
    writeFileSync(full, bytes);
    chmodSync(full, mode);
  }

  /** Copies a folder of this machine to a place where there is nothing. */
  putFolder(from: string, to: string): void {
    cpSync(from, `/proc/${this.#stack.pid}/root${to}`, { recursive: true, verbatimSymlinks: true });
  }

  snapshot(): Snapshot {
    return takeSnapshot(path.join(this.#stack.folder, 'upper'), this.#lowers);
  }

  /** From now on, calls of these programs by maintainer scripts are noted. */
  async watch(programs: readonly string[], files: readonly string[]): Promise<void> {
    this.put(`${HERE}/files`, files.map((file) => `${file}\n`).join(''));
    const links = programs.map((name) => `ln -sf ../shim ${HERE}/bin/${name}`).join('\n');
    await this.sh(`rm -rf ${HERE}/bin; mkdir ${HERE}/bin\n${links}`);
  }

  /** The calls since the last time. */
  async calls(): Promise<readonly WatchedCall[]> {
    const { stdout } = await this.sh(`cat ${HERE}/calls 2>/dev/null; rm -f ${HERE}/calls ${HERE}/count`);
    return stdout.split('\n').flatMap((row): readonly WatchedCall[] => {
      const [count, script, line, command, present] = row.split('\t');
      if (script === undefined || command === undefined) return [];
      const files = (present ?? '').split('|').filter((file) => file !== '');
      const base = { count: Number(count), script, command, present: files };
      return [line === '' || line === undefined ? base : { ...base, line: Number(line) }];
    });
  }
}

/** Whether the machine has a wazo-plugind of its own, which no stand-in is. */
export function hasPlugind({ stack }: Machine): boolean {
  return stack.units.includes('wazo-plugind');
}
