import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createPlugin } from '../../src/create/create.ts';
import { loadTemplate } from '../../src/templates/load.ts';
import { bothPackages } from '../support/plugind-compare.ts';
import { commitAll } from '../support/python-plugin.ts';
import { tempFolder } from '../support/temp.ts';

describe('the package against a transcript of wazo-plugind in plain shell', () => {
  const parts = loadTemplate('stack').parts.map(({ name }) => name);

  it.each(parts)('is the same for what wdev new makes with %s alone', async (part) => {
    const dir = path.join(tempFolder(), 'made');
    const answers = { name: 'made', namespace: 'acme', parts: [part] };
    await createPlugin({ template: 'stack', answers, dir, git: false });
    await commitAll(dir);
    const { own, theirs } = await bothPackages(dir);
    expect(own).toEqual(theirs);
  });
});
