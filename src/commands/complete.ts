import type { Command } from 'commander';
import type { CommandLine } from '../cli/program.ts';

export function configure(command: Command, cli: CommandLine): void {
  command
    .argument('[words...]', 'the command line behind wdev, the last word as far as it is typed')
    .action(async (words: string[]) => {
      const [{ complete }, { wordSources }] = await Promise.all([
        import('../manual/completer.ts'),
        import('../manual/word-sources.ts'),
      ]);
      const program = await cli.program(words.slice(0, -1).find((word) => !word.startsWith('-')));
      const { words: found, paths } = await complete(program, words, await wordSources());
      const lines = found.map(({ word, about = '' }) => `${word}\t${about}\n`);
      process.stdout.write(`${paths === 'none' ? '' : `:${paths}\n`}${lines.join('')}`);
    });
}
