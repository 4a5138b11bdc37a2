import { installedHome } from '../wazo/names.ts';
import { nearName, type AskedFile } from '../wazo/near-names.ts';
import type { Kind } from './kind.ts';
import type { SourceFolder } from './source-folder.ts';

const MANIFEST = 'wazo/plugin.yml';
const RULES = 'wazo/rules';

/** A file of `wazo/` that stands in for one that wazo-plugind asks for: the plugin is known by it, to say so. */
function nearIn(folder: SourceFolder, asked: AskedFile): string | undefined {
  return nearName(
    asked,
    folder.below('wazo').map((name) => `wazo/${name}`),
  );
}

/** A plugin that wazo-plugind installs. Source: wazo-plugind, building and packaging steps. */
export const stack = {
  read: (folder) => {
    const manifest = folder.has(MANIFEST) ? MANIFEST : nearIn(folder, MANIFEST);
    const isStack = manifest !== undefined || folder.has(RULES) || nearIn(folder, RULES) !== undefined;
    if (!isStack) return undefined;
    const fields = folder.fields(manifest ?? MANIFEST);
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
