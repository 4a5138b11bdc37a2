/** The plugins that stand on a server, however they came there: what standing.py answers, of one server or of a fleet's. */

import path from 'node:path';
import { EXIT, UserError } from '../support/errors.ts';
import { packageRoot } from '../support/paths.ts';
import { readText } from '../support/read-file.ts';
import {
  isEither,
  isListOf,
  isNothing,
  isOneOf,
  isPairOf,
  isRecord,
  isText,
  parsedJson,
  type Shape,
} from '../support/shape.ts';
import type { Target } from '../targets/target.ts';

/** A plugin on a server. */
export interface Standing {
  /** A Debian package, of wazo-plugind or of apt; or wdev put its files there. */
  readonly by: 'package' | 'wdev';
  /** `NAMESPACE/NAME`; the name of the package where that is all there is. */
  readonly plugin: string;
  /** Empty for one of wdev. */
  readonly package: string;
  readonly version: string;
  /** dpkg's word: `installed`, `half-configured` … */
  readonly state: string;
  /** Names and bounds of the packages that it needs, as dpkg has them. */
  readonly depends: string;
  /** Files that are not as the package has them. */
  readonly changed: readonly string[];
  /** Installed path → its text, null for what is no text; undefined where the files were not asked for. */
  readonly files?: readonly (readonly [string, string | null])[];
  /** Those that are too long to be read. */
  readonly unread?: readonly string[];
}

/** The answer of a server. */
export interface ServerStanding {
  /** Null where it does not say. */
  readonly wazo: string | null;
  readonly debian: string | null;
  readonly plugins: readonly Standing[];
}

const isStanding = isRecord(
  {
    by: isOneOf('package', 'wdev'),
    plugin: isText,
    package: isText,
    version: isText,
    state: isText,
    depends: isText,
    changed: isListOf(isText),
  },
  { files: isListOf(isPairOf(isText, isEither(isText, isNothing))), unread: isListOf(isText) },
);

const isServerStanding = isRecord({
  wazo: isEither(isText, isNothing),
  debian: isEither(isText, isNothing),
  plugins: isListOf(isStanding),
}) as unknown as Shape<ServerStanding>;

/** The answer of standing.py; undefined for another text. */
export function readServerStanding(text: string): ServerStanding | undefined {
  const said = parsedJson(text);
  return isServerStanding(said) ? said : undefined;
}

/**
 * Reads the plugins of a target with their files.
 * @throws UserError `no-python` (exit 3) where the target cannot be asked
 */
export async function readStanding(target: Target): Promise<ServerStanding> {
  const program = readText(path.join(packageRoot(), 'src/status/standing.py'));
  const python = 'p=/usr/bin/python3; [ -x "$p" ] || p=python3; PYTHONIOENCODING=utf-8 "$p" - texts "$R"';
  const { status, stdout, stderr } = await target.run(python, { input: Buffer.from(program) });
  const said = readServerStanding(stdout.toString('utf8'));
  if (status === 0 && said !== undefined) return said;
  const why = stderr.toString('utf8').trim().split('\n').at(-1) ?? '';
  throw new UserError('no-python', `${target.id} does not say which plugins it has: ${why}`, {
    help: 'Its own python3 is asked, which every Wazo server has.',
    exit: EXIT.unreachable,
  });
}
