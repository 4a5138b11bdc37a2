import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { buildPackage } from '../package/build.ts';
import { kindOf, type Plugin } from '../kinds/plugin.ts';
import { listSources, type SourceListing } from '../git/sources.ts';
import { lacking } from './requirements.ts';
import { isError, type Finding } from '../findings/finding.ts';
import { debianFindings, DEBIANS } from '../check/debian.ts';
import { DebianTools } from './debian-root.ts';
import { engineFindings } from '../check/engine.ts';
import { nameFindings } from '../check/find-names.ts';

export interface CompatOptions {
  /** Wazo version, like `26.05`. */
  readonly engine: string;
  /** Release of Debian, like `13`; undefined to leave it out. */
  readonly debian?: string;
  /** Whether to build with that Debian's own tools, where this machine can. */
  readonly build: boolean;
  readonly onProgress: (text: string) => void;
}

export interface CompatResult {
  readonly findings: readonly Finding[];
  /** Whether a package was built with the tools of the asked Debian. */
  readonly proven: boolean;
}

/** What keeps a plugin from working with a Wazo version and a release of Debian. */
export async function checkCompat(plugin: Plugin, options: CompatOptions): Promise<CompatResult> {
  const sources = await listSources(plugin.dir);
  const manifest = sources.get('wazo/plugin.yml')?.bytes.toString('utf8') ?? '';
  const findings = [
    ...engineFindings(manifest, options.engine),
    ...nameFindings(textsOf(sources), options.engine),
  ];
  const { debian } = options;
  if (debian === undefined) return { findings, proven: false };
  const expected = await debianFindings(plugin, sources, debian, textsOf(sources));
  const built =
    options.build && kindOf(plugin).can.build
      ? await buildWith(plugin, debian, options.onProgress)
      : undefined;
  return { findings: [...findings, ...expected, ...(built ?? [])], proven: built !== undefined };
}

function* textsOf(sources: SourceListing): Iterable<readonly [string, string]> {
  for (const { path: name, bytes, link } of sources.values()) {
    if (link === undefined && !bytes.subarray(0, 8000).includes(0)) yield [name, bytes.toString('utf8')];
  }
}

/** What a build with that Debian's tools tells; undefined when this machine can't have them. */
async function buildWith(
  plugin: Plugin,
  debian: string,
  onProgress: (text: string) => void,
): Promise<readonly Finding[] | undefined> {
  if ((await lacking('real')).length > 0) return undefined;
  const tools = await DebianTools.of(debian, onProgress);
  const out = await mkdtemp(path.join(os.tmpdir(), 'wdev-compat-'));
  try {
    const result = await buildPackage(plugin, out, {
      enter: (workspace) => tools.enter(workspace),
      leave: () => tools.leave(),
    });
    const suite = DEBIANS[debian]?.suite ?? '';
    return result.findings.filter(isError).map((finding) => ({
      ...finding,
      message: `With the tools of Debian ${debian} (${suite}): ${finding.message}`,
    }));
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}
