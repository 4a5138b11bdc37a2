import path from 'node:path';
import { createPlugin } from '../../src/create/create.ts';
import { tempFolder } from './temp.ts';

/** Makes demo/hello of a template, without git, in a folder that goes when the test ends: that folder. */
export async function generated(
  template: string,
  answers: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const dir = path.join(tempFolder(), 'plugin');
  const all = { name: 'hello', namespace: 'demo', ...answers };
  await createPlugin({ template, dir, git: false, answers: all });
  return dir;
}
