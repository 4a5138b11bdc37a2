import path from 'node:path';
import { PACKAGING, declaredEntryPoints } from '../readers/python/packaging.ts';
import { readPackaging } from '../readers/python/read-facts.ts';
import type { Driver } from './drivers.ts';
import { readTextIfPossible } from '../support/read-file.ts';

/** Where the packaging of a plugin registers a driver: file and line; nothing when that cannot be seen. */
export async function registrationPlace({
  name,
  value,
  input,
}: Driver): Promise<{ file?: string; line?: number }> {
  const texts = await Promise.all(
    PACKAGING.map(async (file) => {
      const text = readTextIfPossible(path.join(input.plugin.dir, file));
      return text === undefined ? [] : [{ path: file, text }];
    }),
  );
  const found = declaredEntryPoints(await readPackaging(texts.flat())).find(
    (point) => point.name === name && value.startsWith(point.module),
  );
  return found === undefined ? {} : { file: found.file, line: found.line };
}
