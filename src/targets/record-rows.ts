import path from 'node:path';
import type { Driver } from '../preview/drivers.ts';
import { UserError } from '../support/errors.ts';
import { packageRoot } from '../support/paths.ts';
import {
  isAnything,
  isEither,
  isFlag,
  isListOf,
  isMapOf,
  isNothing,
  isRecord,
  isText,
  parsedJson,
  type Shape,
} from '../support/shape.ts';
import { member, packed, type Member } from './archive.ts';
import { openTarget } from './open.ts';
import { quote } from '../support/quote.ts';
import { generatedName } from '../wazo/entry-point.ts';
import { readBytes } from '../support/read-file.ts';

/** The answers of a target's DAO functions to a driver. */
export interface RecordedRows {
  /** By call, as in `queue_dao.find("sales")`. */
  readonly calls: Readonly<Record<string, unknown>>;
  /** Answers that are no rows, and were written as text. */
  readonly simplified: readonly string[];
  /** The exception of the driver. */
  readonly error: { readonly type: string; readonly message: string; readonly noDatabase: boolean } | null;
}

const PROGRAMS = [
  'src/preview/python/wdev_record.py',
  'src/preview/python/wdev_confd.py',
  'src/preview/python/wdev_templates.py',
  'src/stacks/assets/confgend/usr/share/wdev/wdev_declared.py',
  'src/stacks/assets/confgend/usr/share/wdev/wdev_stock_drivers.py',
];

const NEEDED = /^(?:\/usr\/(?:local\/)?lib\/python3[^/]*\/(?:dist|site)-packages|\/etc\/wazo-confgend)\//;

/** Milliseconds that a driver may take. */
const LIMIT = 60_000;

/**
 * Runs a driver once on a target that has Wazo's database, from a temporary folder there, in a read-only
 * session; nothing is installed, and nothing stays.
 * `allowExec` lets `!exec` in settings run its program there.
 * @throws UserError `no-database` when the target has no xivo_dao, `record-failed` when the driver did not run
 */
export async function recordRows(
  targetName: string,
  driver: Driver,
  allowExec: boolean,
): Promise<RecordedRows> {
  const target = await openTarget(targetName);
  const folder = `/tmp/wdev-record-${process.pid}-${Date.now().toString(36)}`;
  try {
    const request = quote(JSON.stringify({ ...requestOf(driver, folder), allowExec }));
    const script = `mkdir -m 700 ${folder} && tar -xf - -C ${folder} && cd ${folder} && python3 wdev_record.py ${request}`;
    const { stdout, stderr } = await target.run(script, {
      input: await archive(driver),
      timeout: LIMIT,
    });
    const recorded = readRecorded(stdout.toString('utf8'), stderr.toString('utf8'), targetName);
    if (recorded.error?.noDatabase !== true) return recorded;
    throw new UserError('no-database', `target ${targetName} has no xivo_dao for its python3`, {
      help: `Record ${generatedName(driver)} from a Wazo server: --target ssh://root@SERVER`,
    });
  } finally {
    await target.run(`rm -rf ${folder}`);
    await target.close();
  }
}

const isRecorded = isRecord({
  calls: isMapOf(isAnything),
  simplified: isListOf(isText),
  error: isEither(isNothing, isRecord({ type: isText, message: isText, noDatabase: isFlag })),
}) as unknown as Shape<RecordedRows>;

/** @throws UserError `record-failed` where the last line is no answer of wdev_record.py */
export function readRecorded(stdout: string, stderr: string, targetName: string): RecordedRows {
  const said = parsedJson(stdout.trim().split('\n').at(-1) ?? '');
  if (isRecorded(said)) return said;
  throw new UserError('record-failed', `nothing could be recorded on ${targetName}: ${stderr.trim()}`, {
    help: 'It needs python3 there, with xivo_dao and PyYAML, as on a Wazo server.',
  });
}

function requestOf({ input, value }: Driver, folder: string): Record<string, unknown> {
  const files = [...input.tree.values()];
  const packages = files.flatMap((file) => /^.*\/(?:dist|site)-packages(?=\/)/.exec(file.path)?.[0] ?? []);
  const layers = files
    .filter(({ path: name }) => /^\/etc\/wazo-confgend\/conf\.d\/[^./][^/]*\.yml$/.test(name))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map((file) => ({ file: file.path, text: file.bytes.toString('utf8'), value: null }));
  const root = `${folder}/root`;
  return { root, value, layers, path: [...new Set(packages)].map((one) => root + one) };
}

async function archive({ input }: Driver): Promise<Uint8Array> {
  const members: Member[] = [];
  for (const program of PROGRAMS) {
    const text = readBytes(path.join(packageRoot(), program));
    members.push(member(path.basename(program), 0o644, text));
  }
  for (const file of input.tree.values()) {
    if (file.folder === true || file.link !== undefined || !NEEDED.test(file.path)) continue;
    members.push(member(`root${file.path}`, 0o644, file.bytes));
  }
  return packed(members);
}
