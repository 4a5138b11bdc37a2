import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../src/support/paths.ts';
import { run, type RunResult } from '../../src/support/run.ts';
import { BIN, GIT_IDENTITY } from './wdev.ts';

/** Every line of the `sh` blocks of README.md, in order. */
export function readmeCommands(): readonly string[] {
  const text = readFileSync(path.join(packageRoot(), 'README.md'), 'utf8');
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) =>
    block.trim().split('\n'),
  );
}

/** Those of the section about Wazo's services. */
export function withServices(): readonly string[] {
  const text = readFileSync(path.join(packageRoot(), 'README.md'), 'utf8');
  const block = /^## With the real services[\s\S]*?^```sh\n([\s\S]*?)^```$/m.exec(text)?.[1] ?? '';
  return block.trim().split('\n');
}

/** A folder in which a person types the README's commands; `wdev` is the built one. */
export class Desk {
  readonly folder: string;
  readonly #env: Readonly<Record<string, string>>;

  constructor(folder: string, env: Readonly<Record<string, string>> = {}) {
    this.folder = folder;
    const bin = path.join(folder, 'bin');
    mkdirSync(bin);
    const command = `exec '${process.execPath}' '${BIN}' "$@"`;
    writeFileSync(path.join(bin, 'wdev'), `#!/bin/sh\n${command}\n`);
    chmodSync(path.join(bin, 'wdev'), 0o755);
    this.#env = { ...GIT_IDENTITY, ...env, PATH: `${bin}:${process.env['PATH'] ?? ''}` };
  }

  async type(line: string): Promise<RunResult> {
    return await run(['sh', '-c', line], { cwd: this.folder, env: this.#env });
  }

  /** A command that goes on until Ctrl-C. */
  leaveRunning(line: string): Running {
    const child = spawn('sh', ['-c', `exec ${line}`], {
      cwd: this.folder,
      env: { ...process.env, ...this.#env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    let said = '';
    let look = (): void => undefined;
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      look();
    });
    return {
      says: (text) =>
        new Promise((resolve, reject) => {
          const late = setTimeout(() => reject(new Error(`"${text}" is not in:\n${said}`)), 300_000);
          look = () => {
            if (!said.includes(text)) return;
            clearTimeout(late);
            resolve();
          };
          look();
        }),
      interrupt: async () => {
        child.kill('SIGINT');
        return await ended;
      },
    };
  }
}

export interface Running {
  /** Waits until a text stands in the output. */
  says(text: string): Promise<void>;
  /** Ctrl-C; answers the exit status. */
  interrupt(): Promise<number | null>;
}
