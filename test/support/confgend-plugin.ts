import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from '../../src/kinds/plugin.ts';
import { sha256 } from '../../src/git/sources.ts';
import type { StagedFile, StagedTree } from '../../src/stage/tree.ts';

const PACKAGES = '/usr/lib/python3/dist-packages';

export interface DriverSources {
  /** Text of acme_confgend/driver.py. */
  readonly driver: string;
  /** `RESOURCE.FILENAME` → entry points, as in `acme = acme_confgend.driver:Acme`. */
  readonly points?: Readonly<Record<string, readonly string[]>>;
  /** conf.d files by name; by default one that enables `acme` for asterisk.acme.conf. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Templates below /etc/wazo-confgend/templates. */
  readonly templates?: Readonly<Record<string, string>>;
  /** Other files of the plugin's folder. */
  readonly files?: Readonly<Record<string, string>>;
  readonly name?: string;
}

/** A class `Acme` with these lines as the body of generate() and of __init__(). */
export function driver(generate: string, init = 'pass', before = ''): string {
  return `${before}
class Acme:
    def __init__(self, dependencies):
        self.config = dependencies['config']
        self.templates = dependencies['tpl_helper']
        ${init}

    def generate(self):
        ${generate}
`;
}

/** A plugin with a driver as it is once it was staged, in a folder of its own. */
export function stagedDriver(dir: string, sources: DriverSources): { plugin: Plugin; tree: StagedTree } {
  const name = sources.name ?? 'acme-confgend';
  const points = sources.points ?? { 'asterisk.acme.conf': ['acme = acme_confgend.driver:Acme'] };
  const settings = sources.settings ?? { '50-acme.yml': 'plugins:\n  asterisk.acme.conf: acme\n' };
  const sections = Object.entries(points).map(
    ([file, entries]) => `[wazo_confgend.${file}]\n${entries.join('\n')}\n`,
  );
  const staged: StagedFile[] = [
    file(`${PACKAGES}/${name}-1.0.egg-info/PKG-INFO`, `Metadata-Version: 1.0\nName: ${name}\nVersion: 1.0\n`),
    file(`${PACKAGES}/${name}-1.0.egg-info/entry_points.txt`, sections.join('\n')),
    file(`${PACKAGES}/acme_confgend/__init__.py`, '', 'acme_confgend/__init__.py'),
    file(`${PACKAGES}/acme_confgend/driver.py`, sources.driver, 'acme_confgend/driver.py'),
    ...Object.entries(settings).map(([at, text]) =>
      file(`/etc/wazo-confgend/conf.d/${at}`, text, `etc/${at}`),
    ),
    ...Object.entries(sources.templates ?? {}).map(([at, text]) =>
      file(`/etc/wazo-confgend/templates/${at}`, text, `templates/${at}`),
    ),
  ];
  for (const [at, text] of Object.entries(sources.files ?? {})) {
    mkdirSync(path.dirname(path.join(dir, at)), { recursive: true });
    writeFileSync(path.join(dir, at), text);
  }
  const plugin: Plugin = { kind: 'confgend', dir, id: name, name, namespace: '', version: '1.0' };
  return { plugin, tree: new Map(staged.map((one) => [one.path, one])) };
}

function file(at: string, text: string, source?: string): StagedFile {
  const bytes = Buffer.from(text);
  return { path: at, mode: 0o644, hash: sha256(bytes), bytes, ...(source === undefined ? {} : { source }) };
}
