/** Templates in npm packages: downloaded by npm itself (its registry, proxy and login), never installed. */

import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../support/errors.ts';
import { removeFolder } from '../support/remove-folder.ts';
import { temporaryFolder } from '../support/temp-folder.ts';
import { run } from '../support/run.ts';
import { isEither, isListOf, isMapOf, isRecord, isText, parsedJson, type Shape } from '../support/shape.ts';
import { isExactVersion, npmArgument } from './reference.ts';
import { readTemplateArchive, type StoredFile } from './template-files.ts';
import { readBytes } from '../support/read-file.ts';
import { during } from '../support/doing.ts';

export interface NpmSource {
  readonly name: string;
  /** Version, range or tag; `latest` without it. */
  readonly wanted?: string;
  readonly subfolder: string;
  /** All files of the subfolder, instead of a template's. */
  readonly whole?: boolean;
}

interface Packed {
  readonly version: string;
  readonly filename: string;
}

const MINUTES_2 = 120_000;

/** @throws UserError `template-unreachable` with npm's own words */
export async function fetchNpm(
  source: NpmSource,
): Promise<{ readonly version: string; readonly integrity: string; readonly files: readonly StoredFile[] }> {
  const work = temporaryFolder('template');
  try {
    // npm takes the settings of the nearest folder above that has this file; those are anybody's
    await writeFile(path.join(work, 'package.json'), '{}');
    const { version, filename } = await during(
      `fetching ${source.name} from npm`,
      async () => await pack(source, work),
    );
    const archive = path.join(work, path.basename(filename));
    const integrity = `sha512-${createHash('sha512').update(readBytes(archive)).digest('base64')}`;
    const inner = source.subfolder === '' ? 'package/' : `package/${source.subfolder}/`;
    return { version, integrity, files: await readTemplateArchive(archive, inner, source.whole) };
  } finally {
    removeFolder(work);
  }
}

async function pack(source: NpmSource, work: string): Promise<Packed> {
  const spec = npmArgument(source.name, source.wanted ?? 'latest');
  const args = ['pack', '--json', '--ignore-scripts', '--silent', '--pack-destination', work, '--', spec];
  const done = await run(['npm', ...args], {
    cwd: work,
    timeout: MINUTES_2,
    env: { npm_config_update_notifier: 'false', npm_config_fetch_retries: '1' },
  });
  const answer = done.status === 0 ? readPacked(done.stdout) : undefined;
  if (answer !== undefined) return answer;
  const reason =
    done.status === 127
      ? 'npm is not installed'
      : done.status === 124
        ? 'no answer within 2 minutes'
        : readReason(done.stdout) || done.stderr.trim() || `npm pack ended with ${done.status}`;
  throw new UserError('template-unreachable', `npm could not fetch ${spec}: ${reason}`, {
    help: 'Check the name and the version, and that npm reaches its registry: npm view NAME.',
  });
}

const isPacked = isRecord({ version: isText, filename: isText }) as unknown as Shape<Packed>;
const isAnswer = isEither(isListOf(isPacked), isMapOf(isPacked));
const isRefusal = isRecord({ error: isRecord({ summary: isText }) }) as unknown as Shape<{
  readonly error: { readonly summary: string };
}>;

/** npm prints a list, since 11 also a mapping by package; undefined for what names no exact version. */
export function readPacked(text: string): Packed | undefined {
  const answer = parsedJson(text);
  const packed = isAnswer(answer) ? Object.values(answer)[0] : undefined;
  return packed !== undefined && isExactVersion(packed.version) ? packed : undefined;
}

/** The words of npm when it packed nothing; empty where there are none. */
export function readReason(stdout: string): string {
  const said = parsedJson(stdout);
  return isRefusal(said) ? (said.error.summary.trim().split('\n')[0] ?? '') : '';
}
