import path from 'node:path';
import { driversOf, type PreviewInput } from '../preview/drivers.ts';
import { EXIT, usageError } from '../support/errors.ts';
import { generatedName } from '../wazo/entry-point.ts';
import { print, printJson } from '../terminal/output.ts';

export interface RecordFlags {
  /** A file, or true for the usual one. */
  record: string | true;
  target?: string;
  allowExec?: true;
  json?: true;
}

/** Runs drivers on a target that has the database, and writes down what its DAO functions answered. */
export async function recordPreview(
  inputs: readonly PreviewInput[],
  wanted: string | undefined,
  flags: RecordFlags,
): Promise<number> {
  if (flags.target === undefined) {
    throw usageError(
      '--record needs a target that has the database',
      'As in: wdev preview --record --target ssh://root@SERVER',
    );
  }
  const drivers = driversOf(inputs).filter((one) => wanted === undefined || generatedName(one) === wanted);
  if (drivers.length === 0) throw usageError('there is no such driver to record');
  const [{ recordRows }, { ROWS_FILE, namedRowsFile, writeRows }] = await Promise.all([
    import('../targets/record-rows.ts'),
    import('../preview/rows-file.ts'),
  ]);
  let status: number = EXIT.done;
  for (const driver of drivers) {
    const { dir } = driver.input.plugin;
    const recorded = await recordRows(flags.target, driver, flags.allowExec === true);
    const named = await namedRowsFile(dir);
    const file = flags.record === true ? path.join(dir, named ?? ROWS_FILE) : flags.record;
    const calls = Object.keys(recorded.calls);
    if (calls.length > 0) await writeRows(dir, file, recorded.calls);
    if (recorded.error !== null) status = EXIT.failed;
    const shown = path.relative(process.cwd(), path.resolve(file));
    if (flags.json === true) {
      const { simplified, error } = recorded;
      printJson({
        file: generatedName(driver),
        rows: calls.length === 0 ? null : shown,
        calls,
        simplified,
        error,
      });
      continue;
    }
    const isNamed = path.resolve(file) === path.resolve(dir, named ?? '');
    const lines = [
      `${generatedName(driver)} on ${flags.target}: ${calls.length} call${calls.length === 1 ? '' : 's'} of the database`,
      ...calls.map((call) => `  ${call}`),
      ...recorded.simplified.map((what) => `${what}, which was written as text.`),
      ...(recorded.error === null
        ? []
        : [`The driver raised ${recorded.error.type}: ${recorded.error.message}`]),
      ...(calls.length === 0 ? [] : [`Wrote ${shown}, without secrets`]),
      ...(calls.length === 0 || isNamed
        ? []
        : [
            'Name the file in wdev.yml:',
            '  preview:',
            `    dao: ${path.relative(path.resolve(dir), path.resolve(file))}`,
          ]),
    ];
    print(lines);
  }
  return status;
}
