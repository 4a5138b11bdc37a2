import type { Command } from '../cli/commander.ts';
import type { CommandLine } from '../cli/program.ts';

export function configure(command: Command, cli: CommandLine): void {
  command
    .argument('[words...]', 'the command line behind wdev, the last word as far as it is typed')
    .action(async (words: string[]) => {
      const [{ complete, completionLines }, { wordSources }, { printFormat }] = await Promise.all([
        import('../manual/completer.ts'),
        import('../manual/word-sources.ts'),
        import('../terminal/output.ts'),
      ]);
      const program = await cli.program(words.slice(0, -1).find((word) => !word.startsWith('-')));
      printFormat(completionLines(await complete(program, words, await wordSources())));
    });
}
