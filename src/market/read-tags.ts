/** The versions that the tags of a repository hold. */

import type { Finding } from '../findings/finding.ts';
import { namesInTag, tagsOf, textInTag, textsInTags, type TaggedRepository } from '../git/tags.ts';
import { readMetadata } from '../kinds/plugin-metadata.ts';
import { isScalar, valueOf, type YamlNode } from '../readers/yaml/node.ts';
import { readYaml } from '../readers/yaml/read.ts';
import { idOf, type TaggedVersion } from './market.ts';

const MANIFEST = 'wazo/plugin.yml';

export interface TagsRead {
  readonly versions: readonly TaggedVersion[];
  readonly findings: readonly Finding[];
}

/** Tags of a repository whose plugin lies in a folder: each takes programs of its own. */
const FOLDERS = 300;

/** Reads every tag; one that holds no plugin, or one of another version, is left out and told. */
export async function readTags(tagged: TaggedRepository): Promise<TagsRead> {
  const versions: TaggedVersion[] = [];
  const findings: Finding[] = [];
  const tags = await tagsOf(tagged.repository);
  const texts = await textsInTags(tagged.repository, tags, MANIFEST);
  let left = FOLDERS;
  for (const tag of tags) {
    const text = texts.get(tag);
    const inFolder = text === undefined ? left-- > 0 : false;
    const read =
      text !== undefined
        ? readManifest({ tagged, tag, only: MANIFEST, text })
        : inFolder
          ? await readTag(tagged, tag)
          : leftOut(
              'market-tag-unreadable',
              tag,
              `it has no wazo/plugin.yml, and ${FOLDERS} tags were searched for one`,
              tagged.url,
            );
    if ('code' in read) findings.push(read);
    else versions.push(read);
  }
  return { versions, findings };
}

async function readTag(tagged: TaggedRepository, tag: string): Promise<TaggedVersion | Finding> {
  const { repository, url } = tagged;
  const names = (await namesInTag(repository, tag)).filter((name) => /(?:^|\/)wazo\/plugin\.yml$/.test(name));
  const [only, ...others] = names.includes(MANIFEST) ? [MANIFEST] : names;
  if (only === undefined || others.length > 0)
    return leftOut(
      'market-tag-unreadable',
      tag,
      only === undefined ? 'it has no wazo/plugin.yml' : `it holds ${names.length} plugins`,
      url,
    );
  return readManifest({ tagged, tag, only, text: (await textInTag(repository, tag, only)) ?? '' });
}

/** The manifest of a tag, `only` being its path. */
interface TagManifest {
  readonly tagged: TaggedRepository;
  readonly tag: string;
  readonly only: string;
  readonly text: string;
}

function readManifest({ tagged: { url }, tag, only, text }: TagManifest): TaggedVersion | Finding {
  const manifest = readMetadata(text);
  if (!manifest.ok) return leftOut('market-tag-unreadable', tag, manifest.findings[0]?.message ?? '', url);
  const { namespace, name, version } = manifest.metadata;
  if (tag.replace(/^v(?=\d)/, '') !== version)
    return leftOut('market-tag-differs', tag, `its wazo/plugin.yml has version ${version}`, url);
  const { root } = readYaml(text);
  const subdirectory = only.slice(0, -MANIFEST.length).replace(/\/$/, '');
  const bounds = { ...textAt(root, 'min_wazo_version'), ...textAt(root, 'max_wazo_version') };
  return {
    plugin: {
      namespace,
      name,
      display_name: textAt(root, 'display_name')['display_name'] ?? name,
      ...textAt(root, 'description'),
      ...textAt(root, 'author'),
    },
    version: {
      version,
      ...bounds,
      method: 'git',
      options: { url, ref: tag, ...(subdirectory === '' ? {} : { subdirectory }) },
    },
    depends: dependsOf(root),
  };
}

/** A value as PyYAML gives it to wazo-plugind, under its key. */
function textAt<Key extends string>(root: YamlNode | undefined, key: Key): Partial<Record<Key, string>> {
  const node = valueOf(root, key);
  if (node === undefined || !isScalar(node) || node.kind === 'null') return {};
  return { [key]: node.python } as Partial<Record<Key, string>>;
}

function dependsOf(root: YamlNode | undefined): readonly string[] {
  const list = valueOf(root, 'depends');
  return (list?.kind === 'list' ? list.items : []).flatMap((item) => {
    const [namespace, name] = [valueOf(item, 'namespace'), valueOf(item, 'name')];
    return namespace?.kind === 'string' && name?.kind === 'string'
      ? [idOf({ namespace: namespace.text, name: name.text })]
      : [];
  });
}

function leftOut(
  code: 'market-tag-differs' | 'market-tag-unreadable',
  tag: string,
  why: string,
  url: string,
): Finding {
  return {
    code,
    level: 'warning',
    message: `Tag ${tag} of ${url} is left out: ${why}`,
    source: 'wazo-plugind, market',
  };
}
