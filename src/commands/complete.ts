import type { Command } from 'commander';

export function configure(command: Command): void {
  command
    .argument('[words...]', 'the command line behind wdev, the last word as far as it is typed')
    .action(async (words: string[]) => {
      const [{ buildProgram }, { complete }, { wordSources }] = await Promise.all([
        import('./program.ts'),
        import('../manual/completer.ts'),
        import('../manual/word-sources.ts'),
      ]);
      const program = await buildProgram(words.slice(0, -1).find((word) => !word.startsWith('-')));
      const { words: found, paths } = await complete(program, words, await wordSources());
      const lines = found.map(({ word, about = '' }) => `${word}\t${about}\n`);
      process.stdout.write(`${paths === 'none' ? '' : `:${paths}\n`}${lines.join('')}`);
    });
}
