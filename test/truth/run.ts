/**
 * `npm run truth [-- --commands check,build,watch] [--every N] [WORDS]`: asks the commands about each row of the table
 * whose name holds the words, or about every so many.
 */
import { parseArgs } from 'node:util';
import { COMMANDS } from './row.ts';
import { ROWS } from './rows.ts';
import { summary, Table, type Wrong } from './table.ts';

const { values, positionals } = parseArgs({
  options: {
    commands: { type: 'string', default: COMMANDS.join(',') },
    every: { type: 'string', default: '1' },
  },
  allowPositionals: true,
});
const commands = COMMANDS.filter((command) => values.commands.split(',').includes(command));
const rows = ROWS.filter(({ name }) => name.includes(positionals.join(' '))).filter(
  (_, at) => at % Number(values.every) === 0,
);
const table = await Table.open();
const wrong: Wrong[] = [];
try {
  for (const row of rows) {
    const found = await table.ask(row, commands);
    wrong.push(...found);
    for (const { row: name, command, kind, says } of found) {
      process.stdout.write(`wrong ${kind}: ${name}: ${command} says ${says === '' ? 'nothing' : says}\n`);
    }
  }
} finally {
  await table.close();
}
process.stdout.write(`${summary(rows.length, wrong)}\n`);
process.exitCode = wrong.length === 0 ? 0 : 1;
