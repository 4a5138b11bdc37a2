import path from 'node:path';
import { ownPrograms } from '../sandbox/own-programs.ts';
import { pythonHome } from '../sandbox/python.ts';
import { startPlugin } from '../sandbox/run.ts';
import { ownerOfPrograms } from '../sandbox/way.ts';
import { makeOwned, writeOwned } from '../stage/workspace.ts';
import { EXIT, UserError, messageOf } from '../support/errors.ts';
import type { LineProcess } from '../support/line-process.ts';
import { packageRoot } from '../support/paths.ts';
import { removeFolder } from '../support/remove-folder.ts';
import { temporaryFolder } from '../support/temp-folder.ts';
import { authorPythons } from '../readers/python/interpreters.ts';
import { readReply } from './reply-shape.ts';
import type { InterpreterHello, PreviewReply, PreviewRequest } from './request.ts';

/** The parts of our program that runs drivers. */
const OWN = ['preview/python', 'readers/yaml', 'stacks/assets/confgend/usr/share/wdev'];

/** Milliseconds that a Python has to start, and to import what drivers need. */
const START = 60_000;

/** Milliseconds that the program has beyond the time of a driver, until it is ended itself. */
const GRACE = 10_000;

/** A Python that stays warm between previews. It runs code of plugins: in the sandbox, with what they install. */
export class Interpreter {
  readonly hello: InterpreterHello;
  /** Milliseconds from its start until it could be asked. */
  readonly startMs: number;
  readonly #process: LineProcess;
  readonly #folder: string;

  private constructor(process: LineProcess, hello: InterpreterHello, startMs: number, folder: string) {
    this.#process = process;
    this.hello = hello;
    this.startMs = startMs;
    this.#folder = folder;
  }

  /**
   * Starts the author's Python: `chosen`, else that of the active virtualenv, else the first on PATH that has
   * PyYAML, so that settings are read as Wazo reads them.
   * @param site folder with what the plugins install
   * @throws UserError `no-python` (exit 2) when there is none
   */
  static async start(site: string, chosen?: string): Promise<Interpreter> {
    const candidates = authorPythons(chosen);
    const reasons: string[] = [];
    let second: Interpreter | undefined;
    for (const python of candidates) {
      try {
        const started = await Interpreter.#startOne(python, site);
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

  static async #startOne(python: string, site: string): Promise<Interpreter> {
    const started = performance.now();
    const folder = temporaryFolder('python');
    let process: LineProcess | undefined;
    try {
      // stevedore keeps what it found of entry points, and would not see a new one
      const [cache, owner] = [path.join(folder, 'cache'), await ownerOfPrograms()];
      makeOwned(cache, owner);
      makeOwned(path.join(cache, 'python-entrypoints'), owner);
      writeOwned(path.join(cache, 'python-entrypoints/.disable'), '', owner);
      const { program, readable, env } = await pythonHome(python);
      const assets = path.join(packageRoot(), 'src');
      process = await startPlugin({
        command: [program, path.join(assets, 'preview/python/wdev_server.py')],
        cwd: cache,
        writable: [cache],
        readable: [...ownPrograms(OWN, folder, owner), ...readable, site],
        network: true,
        env: { ...env, XDG_CACHE_HOME: cache, PYTHONDONTWRITEBYTECODE: '1', PYTHONIOENCODING: 'utf-8' },
      });
      const hello = JSON.parse(await process.next(START)) as InterpreterHello;
      return new Interpreter(process, hello, performance.now() - started, folder);
    } catch (error) {
      process?.close();
      removeFolder(folder);
      throw error;
    }
  }

  /** Runs one driver in a fork of the interpreter; requests wait for each other. */
  async preview(request: PreviewRequest): Promise<PreviewReply> {
    const answer = await this.#process.ask(JSON.stringify(request), request.limit * 1000 + GRACE);
    const reply = readReply(answer);
    if (reply !== undefined) return reply;
    throw new UserError('helper-ended', `what came of the driver is no answer: ${answer.slice(0, 200)}`, {
      help: 'It runs beside the program that gives them; it must not write to its files.',
    });
  }

  async close(): Promise<void> {
    this.#process.close();
    await this.#process.over();
    removeFolder(this.#folder);
  }
}
