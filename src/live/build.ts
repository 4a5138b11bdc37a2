import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { rolldown } from 'rolldown';
import { packageRoot } from '../support/paths.ts';
import { readText } from '../support/read-file.ts';
import { makeFolders } from '../support/make-folders.ts';

/** Makes the page of `wdev watch --ui`: one script for browsers, and its style. The modules that are in it. */
export async function buildPage(folder: string): Promise<readonly string[]> {
  const source = path.join(packageRoot(), 'src/live/page');
  const build = await rolldown({
    input: path.join(source, 'main.tsx'),
    cwd: packageRoot(),
    platform: 'browser',
    tsconfig: path.join(source, 'tsconfig.json'),
  });
  const target = path.join(folder, 'live');
  const { output } = await build.write({
    file: path.join(target, 'page.js'),
    format: 'iife',
    minify: true,
    comments: { legal: false },
  });
  await build.close();
  makeFolders(target);
  writeFileSync(path.join(target, 'page.css'), readText(path.join(source, 'page.css')));
  return output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
}
