import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Argument, type Command } from 'commander';
import type { StackKind } from '../stack/any-stack.ts';
import { EXIT, usageError } from '../support/errors.ts';

interface TourFlags {
  readonly auto?: true;
  readonly stack: string;
}

const NEXT = `Now a plugin of your own (in this folder: npx wdev …):
  wdev new stack hello --namespace demo --part dialplan --yes
  wdev watch hello                    on the embedded stack
  wdev watch hello --target stack     on a real Asterisk 22 (as root)
`;

export function configure(command: Command): void {
  command
    .addArgument(new Argument('[kind]', 'kind of plugin').choices(['stack']).default('stack'))
    .option('--auto', 'play it without waiting for a key')
    .option('--stack <kind>', 'stack to play on: embedded, or real (as root)', 'embedded')
    .action(async (_kind: string, flags: TourFlags) => {
      process.exitCode = await tour(flags);
    });
}

async function tour(flags: TourFlags): Promise<number> {
  const [{ stackKind }, { playTour }, { Workbench }, { dialplanSteps }, { TourView }, { lineReader }] =
    await Promise.all([
      import('../stack/any-stack.ts'),
      import('../tour/tour.ts'),
      import('../tour/workbench.ts'),
      import('../tour/dialplan-steps.ts'),
      import('../terminal/tour-view.ts'),
      import('../terminal/source-lines.ts'),
    ]);
  const kind: StackKind = stackKind(flags.stack, '--stack');
  const pause = flags.auto === true ? undefined : await keyPause();
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt).on('SIGHUP', interrupt);
  const started = performance.now();
  const write = (text: string): void => void process.stdout.write(text);
  const folder = makeFolder();
  const readLine = lineReader(`${folder}/hello`);
  const voice = new TourView({ write, readLine });
  const bench = new Workbench({ folder, kind, voice, signal: stop.signal });
  const steps = dialplanSteps();
  const options = { steps, bench, voice, signal: stop.signal };
  const done = await playTour(pause === undefined ? options : { ...options, pause });
  if (stop.signal.aborted) return EXIT.interrupted;
  if (!done) {
    write('\nThe tour ended before its end. What it made is gone again.\n');
    return EXIT.failed;
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  write(`\nAll ${steps.length} steps were seen to work on the ${kind} stack, in ${seconds} s.\n`);
  write(`The stack and the folder of the tour are gone again.\n\n${NEXT}`);
  return EXIT.done;
}

function makeFolder(): string {
  return mkdtempSync(path.join(os.tmpdir(), 'wdev-tour-'));
}

/** Waits for Enter before each step. */
async function keyPause(): Promise<() => Promise<boolean>> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw usageError('the tour waits for a key before each step', 'Without a terminal: wdev tour --auto');
  }
  const { createInterface } = await import('node:readline/promises');
  return async () => {
    const lines = createInterface({ input: process.stdin, output: process.stdout });
    try {
      return (await lines.question('Enter goes on, q leaves: ')).trim().toLowerCase() !== 'q';
    } finally {
      lines.close();
    }
  };
}
