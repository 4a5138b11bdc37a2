import type { Kind } from './kind.ts';

const MANIFEST = 'package.yml';

/** The format of before 2017, which `wdev migrate` reads. Source: wazo-plugind, validating step. */
export const legacy = {
  read: (folder) => {
    if (!folder.has(MANIFEST) || !folder.has('Makefile')) return undefined;
    const fields = folder.fields(MANIFEST);
    const name = fields.get('name') ?? folder.name;
    return { id: name, name, namespace: '', version: fields.get('version') ?? '' };
  },
  isGuess: false,
  manifests: [MANIFEST],
  madeBy: 'Makefile',
  steps: () => [],
  adds: () => [],
  refused: {
    code: 'legacy-format',
    level: 'error',
    message:
      'Old plugin format (package.yml and Makefile): wazo-plugind needs wazo/plugin.yml and wazo/rules',
    file: MANIFEST,
    help: 'Convert it: wdev migrate',
    source: 'wazo-plugind, validating step',
  },
  // a preview says why there is none
  can: { create: false, build: false, parts: false, preview: true, simulate: false },
  otherwise: [],
  instead: 'Convert it: wdev migrate',
} satisfies Kind;
