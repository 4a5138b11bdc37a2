/** The counter at which tests leave commands for the server, and find the answers: two folders. */

import { mkdirSync, readdirSync, renameSync, watch, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Identity } from '../sandbox/enclose.ts';
import { makeOwned } from '../stage/workspace.ts';
import { messageOf } from '../support/errors.ts';
import { readText } from '../support/read-file.ts';
import { lstatOf } from '../support/stat.ts';
import { quote } from '../support/quote.ts';
import type { Target } from '../targets/target.ts';

/** The longest command, in bytes. */
const MOST = 1_000_000;

/** Milliseconds that a command may be silent: tests of a new plugin end theirs after a minute. */
const PATIENCE = 90_000;

/** Milliseconds between two looks of our own. */
const POLL = 250;

export interface Counter {
  /** Folder that tests write commands into. */
  readonly asked: string;
  /** Folder that they read answers from. */
  readonly answered: string;
  /** The command that runs on the target now. */
  running(): string | undefined;
  /** Ends it once the command that runs is done, or nobody waits for the tests any more. */
  close(): Promise<void>;
}

/**
 * Runs the commands that tests leave in a folder on a target, one after the other, and lays the answers beside it.
 * @param folder a folder of ours, in which both are made
 * @param owner who the tests run as
 * @param signal ends all: a command may have no end, and the target ends it when it is closed
 */
export function openCounter(
  folder: string,
  owner: Identity | undefined,
  target: Target,
  signal?: AbortSignal,
): Counter {
  const [asked, answered] = [path.join(folder, 'asked'), path.join(folder, 'answered')];
  makeOwned(asked, owner);
  mkdirSync(answered, { mode: 0o755 });
  const done = new Set<string>();
  let work = Promise.resolve();
  let isClosed = false;
  let running: string | undefined;
  const answer = async (file: string): Promise<void> => {
    const told = await answerTo(path.join(asked, file), target, (command) => (running = command));
    running = undefined;
    // the folder is gone
    if (signal?.aborted === true) return;
    const place = path.join(answered, path.basename(file, '.command'));
    writeFileSync(`${place}.new`, JSON.stringify(told), { mode: 0o644 });
    renameSync(`${place}.new`, place);
  };
  const look = (): void => {
    for (const file of readdirSync(asked)) {
      if (!/^[\da-f]{32}\.command$/.test(file) || done.has(file)) continue;
      done.add(file);
      // tests may leave more than any server comes to an end with
      work = work.then(async () => (isClosed ? undefined : await answer(file)));
    }
  };
  const watcher = watch(asked, look);
  // an event may be missed where there are many
  const timer = setInterval(look, POLL);
  return {
    asked,
    answered,
    running: () => running,
    close: async () => {
      isClosed = true;
      watcher.close();
      clearInterval(timer);
      const ended = new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
      if (signal?.aborted !== true) await Promise.race([work, ended]);
    },
  };
}

interface Answer {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The embedded stack is a folder of this machine: nothing but its console may be asked. */
const CONSOLE =
  /^(?:timeout (?:-k [\d.]+ )?[\d.]+ )?asterisk -rx (?:'([^']*)'|"([^"$`\\]*)"|([\w.-]+))(?: \|\| \[ \$\? = 127 \])?$/;

async function answerTo(file: string, target: Target, onRun: (command: string) => void): Promise<Answer> {
  try {
    let command = readCommand(file);
    if (target.root !== '') {
      const [, ...words] = CONSOLE.exec(command) ?? [];
      const word = words.find((one) => one !== undefined);
      if (word === undefined)
        return {
          status: 126,
          stdout: '',
          stderr: "the embedded stack has no shell, but Asterisk's console\n",
        };
      command = `asterisk -rx ${quote(word)}`;
    }
    onRun(command);
    const { status, stdout, stderr } = await target.run(endsWithShell(command, target), {
      timeout: PATIENCE,
    });
    return { status, stdout: stdout.toString('utf8'), stderr: stderr.toString('utf8') };
  } catch (error) {
    return { status: 255, stdout: '', stderr: `${messageOf(error)}\n` };
  }
}

/** On a stack a command ends with the shell that it was handed to, also one that made a group of its own, as timeout does. */
function endsWithShell(command: string, target: Target): string {
  return target.isOurs === true ? `setpriv --pdeathsig TERM sh -c ${quote(command)}` : command;
}

/** Tests may leave a link there to a file that is none of their business; out of their reach it stays what it is. */
function readCommand(file: string): string {
  const own = path.join(path.dirname(path.dirname(file)), 'command');
  renameSync(file, own);
  if (lstatOf(own)?.isFile() !== true) throw new Error('the command is no file');
  return readText(own, MOST);
}
