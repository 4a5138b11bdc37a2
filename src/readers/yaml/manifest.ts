import { SourceText } from '../source-text.ts';
import { isScalar } from './node.ts';
import { readYaml } from './read.ts';

/** A manifest's top-level scalars as the author typed them: `24.10` stays `24.10`. */
export interface ManifestFields {
  readonly fields: ReadonlyMap<string, string>;
  /** Why the text could not be read. */
  readonly error?: { readonly message: string; readonly line: number; readonly column: number };
}

/**
 * Reads `plugin.yml` or `package.yml`. Every scalar stays text, because YAML would turn the version `1.10`
 * into the number 1.1 before anyone could say so.
 */
export function readManifest(text: string): ManifestFields {
  const { root, problem } = readYaml(text);
  if (problem !== undefined) {
    const { line, column } = new SourceText('', text).at(problem.offset);
    return { fields: new Map(), error: { message: problem.message, line, column } };
  }
  const fields = new Map<string, string>();
  if (root?.kind === 'map') {
    for (const { key, value } of root.entries) if (isScalar(value)) fields.set(key.text, value.text);
  }
  return { fields };
}
