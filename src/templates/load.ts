import path from 'node:path';
import { packageRoot, packageVersion } from '../support/paths.ts';
import { builtInNames, builtInTemplate, demandFolder } from './built-in.ts';
import { loadFolder } from './load-folder.ts';
import type { Template } from './template.ts';

export { KINDS, type Kind } from './built-in.ts';

/**
 * The template that `ref` names: a built-in one (`stack`), or the path of a folder with a template.yml.
 * @throws UserError `unknown-template`, `unsafe-template` or `bad-template` (with `file:line`)
 */
export function loadTemplate(ref: string): Template {
  if (builtInNames().includes(ref)) return builtInTemplate(ref);
  const folder = path.resolve(ref);
  demandFolder(folder, ref);
  return loadFolder({
    reference: ref,
    folder,
    layers: path.join(packageRoot(), 'templates'),
    pin: { wdev: packageVersion() },
  });
}
