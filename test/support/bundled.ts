import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rolldown } from 'rolldown';
import { packageRoot } from '../../src/support/paths.ts';

/** In the package, whose files the sources find from where they are. */
const FOLDER = path.join(packageRoot(), '.test-output/bundled');

/** A module of src or test as one file, for a process that starts at once; it goes when this process ends. */
export async function bundled(source: string): Promise<string> {
  const name = `${path.basename(source, '.ts')}-${process.pid}.mjs`;
  const build = await rolldown({
    input: path.join(packageRoot(), source),
    cwd: packageRoot(),
    platform: 'node',
    tsconfig: true,
    external: (id) => id.startsWith('node:') || /^[^./\0]/.test(id),
    logLevel: 'silent',
  });
  const { output } = await build.generate({ format: 'esm', codeSplitting: false });
  await build.close();
  const file = path.join(FOLDER, name);
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(file, output[0].code);
  process.on('exit', () => rmSync(file, { force: true }));
  return file;
}
