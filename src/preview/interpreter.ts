import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { EXIT, UserError, messageOf } from '../support/errors.ts';
import { LineProcess } from '../support/line-process.ts';
import { packageRoot } from '../support/paths.ts';
import { authorPythons } from '../readers/python/interpreters.ts';
import type { InterpreterHello, PreviewReply, PreviewRequest } from './request.ts';

/** A Python that stays warm between previews. */
export class Interpreter {
  readonly hello: InterpreterHello;
  /** Milliseconds from its start until it could be asked. */
  readonly startMs: number;
  readonly #process: LineProcess;
  readonly #cache: string;

  private constructor(process: LineProcess, hello: InterpreterHello, startMs: number, cache: string) {
    this.#process = process;
    this.hello = hello;
    this.startMs = startMs;
    this.#cache = cache;
  }

  /**
   * Starts the author's Python: `chosen`, else that of the active virtualenv, else the first on PATH that has
   * PyYAML, so that settings are read as Wazo reads them.
   * @throws UserError `no-python` (exit 2) when there is none
   */
  static async start(chosen?: string): Promise<Interpreter> {
    const candidates = authorPythons(chosen);
    const reasons: string[] = [];
    let second: Interpreter | undefined;
    for (const python of candidates) {
      try {
        const started = await Interpreter.#startOne(python);
        if (started.hello.has.yaml || candidates.length === 1) {
          await second?.close();
          return started;
        }
        if (second === undefined) second = started;
        else await started.close();
      } catch (error) {
        reasons.push(messageOf(error));
      }
    }
    if (second !== undefined) return second;
    throw new UserError('no-python', `no Python could be started: ${reasons.join('; ')}`, {
      help: 'Name one: --python /path/to/python3',
      exit: EXIT.usage,
    });
  }

  static async #startOne(python: string): Promise<Interpreter> {
    const started = performance.now();
    const cache = await mkdtemp(path.join(os.tmpdir(), 'wdev-python-'));
    // stevedore keeps what it found of entry points, and would not see a new one
    await mkdir(path.join(cache, 'python-entrypoints'));
    await writeFile(path.join(cache, 'python-entrypoints/.disable'), '');
    const server = path.join(packageRoot(), 'src/preview/python/wdev_server.py');
    const process = new LineProcess([python, server], {
      XDG_CACHE_HOME: cache,
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONIOENCODING: 'utf-8',
    });
    try {
      const hello = JSON.parse(await process.next()) as InterpreterHello;
      return new Interpreter(process, hello, performance.now() - started, cache);
    } catch (error) {
      process.close();
      await rm(cache, { recursive: true, force: true });
      throw error;
    }
  }

  /** Runs one driver in a fork of the interpreter; requests wait for each other. */
  async preview(request: PreviewRequest): Promise<PreviewReply> {
    return JSON.parse(await this.#process.ask(JSON.stringify(request))) as PreviewReply;
  }

  async close(): Promise<void> {
    this.#process.close();
    await rm(this.#cache, { recursive: true, force: true });
  }
}
