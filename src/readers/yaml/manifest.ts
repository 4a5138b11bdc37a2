import { FAILSAFE_SCHEMA, YAMLException, load } from 'js-yaml';

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
  let value: unknown;
  try {
    value = load(text, { schema: FAILSAFE_SCHEMA });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const line = (error.mark?.line ?? 0) + 1;
    const column = (error.mark?.column ?? 0) + 1;
    return { fields: new Map(), error: { message: error.reason, line, column } };
  }
  const fields = new Map<string, string>();
  if (value !== null && typeof value === 'object') {
    for (const [key, entry] of Object.entries(value)) if (typeof entry === 'string') fields.set(key, entry);
  }
  return { fields };
}
