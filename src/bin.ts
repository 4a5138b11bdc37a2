#!/usr/bin/env node
/** Prints what the build wrote down (cli/start-texts.ts); all else is main.ts's. Imports nothing, to start at once. */

const [first = '--help', ...more] = process.argv.slice(2);
const isWritten = more.length === 0 ? /^(-h|--?help|help|--version)$/.test(first) : first === 'completion';

/** The text for this command line; undefined where nothing is written down, as when sources are run. */
function written(): string | undefined {
  if (!isWritten || import.meta.filename.endsWith('.ts')) return undefined;
  // help is as wide as 80 columns
  if (process.stdout.columns > 0 && process.stdout.columns < 80) return undefined;
  try {
    // imported from node:fs it would load its streams as well
    const { readFileSync } = process.getBuiltinModule('node:fs');
    const texts = JSON.parse(readFileSync(`${import.meta.dirname}/start-texts.json`, 'utf8')) as Record<
      string,
      string
    >;
    return texts[[first, ...more].join(' ')];
  } catch {
    return undefined;
  }
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
const text = written();
if (text === undefined) void import('./main.ts').then(({ main }) => main(process.argv.slice(2)));
else process.stdout.write(text);
