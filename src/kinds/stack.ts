import { installedHome } from '../wazo/names.ts';
import type { Kind } from './kind.ts';

const MANIFEST = 'wazo/plugin.yml';
const RULES = 'wazo/rules';

/** A plugin that wazo-plugind installs. Source: wazo-plugind, building and packaging steps. */
export const stack = {
  read: (folder) => {
    if (!folder.has(MANIFEST) && !folder.has(RULES)) return undefined;
    const fields = folder.fields(MANIFEST);
    const name = fields.get('name') ?? folder.name;
    const namespace = fields.get('namespace') ?? '';
    const id = namespace === '' ? name : `${namespace}/${name}`;
    return { id, name, namespace, version: fields.get('version') ?? '' };
  },
  isGuess: false,
  manifests: [MANIFEST],
  madeBy: RULES,
  steps: () => [
    { runs: 'rules', name: 'build', file: RULES },
    { runs: 'rules', name: 'package', file: RULES },
  ],
  adds: (plugin) => [{ from: 'wazo', to: `${installedHome(plugin)}/wazo` }],
  can: { create: true, build: true, parts: true, preview: true, simulate: false },
  otherwise: [{ do: 'rules' }],
  instead: 'wdev build makes its package.',
} satisfies Kind;
