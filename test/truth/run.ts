/**
 * `npm run truth [-- --share 3/8] [--commands check,build,watch] [--log FILE] [WORDS…]`: asks the commands about each
 * row of the table, about one share of it, or about rows whose names hold one of the words. With a file, each answer is
 * written there, and rows that stand there are not asked again: the shares may run one after another, the last one
 * prints the total.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { COMMANDS, type Row } from './row.ts';
import { ROWS, changeOf, share } from './rows.ts';
import { summary, Table, truthOf, type Wrong } from './table.ts';

/** A line of the file: the answers of the commands about a row. */
interface Asked {
  readonly row: string;
  readonly of: string;
  readonly commands: string;
  readonly ms: number;
  readonly wrong: readonly Wrong[];
}

const { values, positionals: words } = parseArgs({
  options: {
    commands: { type: 'string', default: COMMANDS.join(',') },
    share: { type: 'string', default: '1/1' },
    log: { type: 'string' },
  },
  allowPositionals: true,
});
const commands = COMMANDS.filter((command) => values.commands.split(',').includes(command));
const asked = new Map<string, Asked>();

function keyOf(row: Row): string {
  return `${row.name} ${changeOf(row)} ${commands.join()}`;
}

if (values.log !== undefined && existsSync(values.log)) {
  const lines = readFileSync(values.log, 'utf8').split('\n');
  for (const line of lines.filter((text) => text !== '')) {
    const one = JSON.parse(line) as Asked;
    asked.set(`${one.row} ${one.of} ${one.commands}`, one);
  }
}

const [part = 1, parts = 1] = values.share.split('/').map(Number);
const wanted = share(parts, part - 1).filter(
  ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
);
const rows = wanted.filter((row) => !asked.has(keyOf(row)));
let table = rows.length === 0 ? undefined : await Table.open();

/** A row without an answer is no reason to ask no other. */
async function ask(row: Row): Promise<readonly Wrong[]> {
  try {
    table ??= await Table.open();
    return await table.ask(row, commands);
  } catch (error) {
    await table?.close();
    table = undefined;
    return [{ row: row.name, command: 'watch', kind: 'failure', says: `no answer: ${String(error)}` }];
  }
}

try {
  for (const row of rows) {
    truthOf(row);
    const started = performance.now();
    const wrong = await ask(row);
    const ms = Math.round(performance.now() - started);
    const one = { row: row.name, of: changeOf(row), commands: commands.join(), ms, wrong };
    asked.set(keyOf(row), one);
    if (values.log !== undefined) appendFileSync(values.log, `${JSON.stringify(one)}\n`);
    for (const { row: name, command, kind, says } of wrong) {
      process.stdout.write(`wrong ${kind}: ${name}: ${command} says ${says === '' ? 'nothing' : says}\n`);
    }
  }
} finally {
  await table?.close();
}

/** The figures of rows, with the time that they took. */
function figures(of: readonly Row[]): string {
  const known = of.flatMap((row) => asked.get(keyOf(row)) ?? []);
  const minutes = known.reduce((sum, { ms }) => sum + ms, 0) / 60_000;
  const wrong = known.flatMap((one) => one.wrong);
  return `${summary(known.length, wrong)}, ${minutes.toFixed(1)} minutes`;
}

process.stdout.write(`${figures(wanted)}\n`);
const total = ROWS.filter((row) => asked.has(keyOf(row)));
if (total.length > wanted.length) {
  process.stdout.write(`all that was asked, of ${ROWS.length} rows: ${figures(total)}\n`);
}
process.exitCode = wanted.every((row) => asked.get(keyOf(row))?.wrong.length === 0) ? 0 : 1;
