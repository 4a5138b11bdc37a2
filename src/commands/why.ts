import { paint } from '../terminal/paint.ts';
import type { Command } from '../cli/commander.ts';
import { jsonOption, targetOption, trustOption } from '../cli/options.ts';
import { runsPrograms } from '../cli/programs.ts';
import { print, printJson } from '../terminal/output.ts';
import { EXIT } from '../support/errors.ts';
import type { JudgedLink, Why } from '../status/why.ts';

interface WhyFlags {
  readonly target?: string;
  readonly trust?: true;
  readonly json?: true;
}

const DETAILS = `
Checks nine steps from the source file to the running service, stops at the
first that fails, and says what to try next. Exit status 1 if one fails.`;

export function configure(command: Command): void {
  command
    .argument('[path]', 'plugin folder, a folder that contains a plugin, or a file of a plugin', '.')
    .addOption(targetOption())
    .addOption(trustOption())
    .addOption(jsonOption())
    .addHelpText('after', DETAILS)
    .action(async (path: string, flags: WhyFlags) => {
      const [{ findWhy }, { agreedAddress }, { openTarget }] = await Promise.all([
        import('../status/why.ts'),
        import('../cli/agree.ts'),
        import('../targets/open.ts'),
      ]);
      const target = await agreedAddress(flags);
      const why = await findWhy(path, target, async () => await openTarget(target));
      if (flags.json === true) printJson(why);
      else print(linesOf(why));
      process.exitCode = why.broken === null ? EXIT.done : EXIT.failed;
    });
  runsPrograms(command);
}

const SIGNS = {
  ok: paint.green('✓'),
  none: paint.dim('–'),
  broken: paint.red('✗'),
  unknown: paint.dim('·'),
} as const;

function linesOf({ plugin, target, file, links }: Why): readonly string[] {
  const subject = file === undefined ? paint.bold(plugin) : `${paint.bold(file)} of ${plugin}`;
  const lines = [`${subject} on target ${paint.bold(target)}`];
  const width = Math.max(...links.map(({ title }) => title.length));
  for (const link of links) lines.push(...linkLines(link, width));
  return lines;
}

function linkLines(link: JudgedLink, width: number): readonly string[] {
  const { state, title, says, help, file, line } = link;
  const first = `  ${SIGNS[state]} ${title.padEnd(width)}  ${state === 'ok' || state === 'broken' ? says : paint.dim(state === 'unknown' && says === '' ? 'not checked' : says)}`;
  if (help === undefined) return [first.trimEnd()];
  const indent = ' '.repeat(width + 6);
  // a file that the sentence names needs no line of its own
  const known = line === undefined && file !== undefined && says.includes(file);
  const place = known ? '' : [file, line].filter((part) => part !== undefined).join(':');
  const more = [
    ...(place === '' ? [] : [paint.bold(place)]),
    ...help.split('\n').map((words) => paint.dim(words)),
  ];
  return [first, ...more.map((words) => `${indent}${words}`)];
}
