/** The places of a plugin's version, and the edits that raise it. */

import { applyTextEdits, type TextEdit } from '../edits/text-edits.ts';
import { sha256, type SourceFile, type SourceListing } from '../git/sources.ts';
import { setupCalls } from '../readers/python/packaging.ts';
import { readPythonFacts } from '../readers/python/read-facts.ts';
import { isScalar, valueOf } from '../readers/yaml/node.ts';
import { readYaml } from '../readers/yaml/read.ts';

const PLUGIN_YML = 'wazo/plugin.yml';

/**
 * The new texts of the files in which the version stands by itself: wazo/plugin.yml, and of the packaging of Python
 * what has the same version literally. What reads plugin.yml, as generated setup.py files do, is left alone.
 */
export async function versionTexts(
  dir: string,
  sources: SourceListing,
  present: string,
  next: string,
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  if (next === present) return texts;
  const change = (file: string, edits: readonly TextEdit[]): void => {
    const text = textOf(sources, file);
    if (edits.length > 0 && text !== undefined) texts.set(file, applyTextEdits(text, edits));
  };
  change(PLUGIN_YML, manifestEdits(textOf(sources, PLUGIN_YML) ?? '', next));
  change('setup.py', await setupEdits(dir, sources, present, next));
  change('setup.cfg', settingEdits(textOf(sources, 'setup.cfg'), 'metadata', present, next));
  change('pyproject.toml', settingEdits(textOf(sources, 'pyproject.toml'), 'project', present, next));
  return texts;
}

/** The sources with other texts in some of them; undefined for one that goes. */
export function sourcesWith(
  sources: SourceListing,
  texts: ReadonlyMap<string, string | undefined>,
): SourceListing {
  const after = new Map<string, SourceFile>(sources);
  for (const [path, text] of texts) {
    if (text === undefined) after.delete(path);
    else {
      const bytes = Buffer.from(text);
      after.set(path, { path, mode: sources.get(path)?.mode ?? 0o644, bytes, hash: sha256(bytes) });
    }
  }
  return after;
}

function textOf(sources: SourceListing, file: string): string | undefined {
  return sources.get(file)?.bytes.toString('utf8');
}

function manifestEdits(text: string, next: string): readonly TextEdit[] {
  const node = valueOf(readYaml(text).root, 'version');
  if (node === undefined || !isScalar(node)) return [];
  // three numbers are a text to YAML, two are one number
  const written = node.plain && /^\d+\.\d+\.\d/.test(next) ? next : JSON.stringify(next);
  return [{ from: node.start, to: node.end, text: written }];
}

async function setupEdits(
  dir: string,
  sources: SourceListing,
  present: string,
  next: string,
): Promise<readonly TextEdit[]> {
  if (!sources.has('setup.py')) return [];
  const facts = await readPythonFacts([{ plugin: { dir }, sources }]);
  const text = textOf(sources, 'setup.py') ?? '';
  return setupCalls(facts?.get(dir)?.files['setup.py']).flatMap(({ keywords }) => {
    const value = keywords['version'];
    if (value?.is !== 'text' || value.value !== present) return [];
    return [
      { from: value.from, to: value.to, text: text.slice(value.from, value.to).replace(present, () => next) },
    ];
  });
}

/** `version = 1.2.3` in a section of an INI or TOML file. */
function settingEdits(
  text: string | undefined,
  section: string,
  present: string,
  next: string,
): readonly TextEdit[] {
  let [here, offset] = ['', 0];
  for (const line of (text ?? '').split('\n')) {
    here = /^\s*\[([^\]]+)\]/.exec(line)?.[1]?.trim() ?? here;
    const [, before = '', value] = /^(version\s*=\s*["']?)([^"'\s#]+)/.exec(line) ?? [];
    if (here === section && value === present) {
      const from = offset + before.length;
      return [{ from, to: from + value.length, text: next }];
    }
    offset += line.length + 1;
  }
  return [];
}
