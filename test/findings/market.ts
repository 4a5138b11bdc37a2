import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from '../../src/findings/finding.ts';
import type { MARKET_FINDINGS } from '../../src/findings/market.ts';
import { manifestOf, taggedRepository } from '../support/tagged.ts';
import { tempFolder } from '../support/temp.ts';
import { wdev } from '../support/wdev.ts';
import type { Provoke, Scenario } from './scenario.ts';

async function market(...words: readonly string[]): Promise<readonly Finding[]> {
  const { stdout } = await wdev(['market', ...words, '--json']);
  return (JSON.parse(stdout) as { findings: readonly Finding[] }).findings;
}

/** A market made of the tags of a repository, by what they hold. */
function built(tags: Readonly<Record<string, string>>): Provoke {
  return async () => {
    const work = tempFolder();
    return await market('build', taggedRepository(work, 'hello', tags), '--out', path.join(work, 'site'));
  };
}

/** A market that lists these plugins, each by its versions; each version is a tag of a repository that has 1.0 only. */
function listed(...plugins: readonly (readonly string[])[]): Provoke {
  return async () => {
    const work = tempFolder();
    taggedRepository(work, 'hello', { '1.0': manifestOf('hello', '1.0') });
    const items = plugins.map((versions) => ({
      namespace: 'acme',
      name: 'hello',
      display_name: 'Hello',
      versions: versions.map((version) => ({
        version,
        method: 'git',
        options: { url: `file://${work}/hello.git`, ref: version },
      })),
    }));
    const site = path.join(work, 'site');
    mkdirSync(path.join(site, 'v1'), { recursive: true });
    writeFileSync(path.join(site, 'v1/plugins'), JSON.stringify({ total: 1, items }));
    return await market('check', site);
  };
}

const DEPENDS = 'depends: [{namespace: acme, name: base}]\n';

export const MARKET_SCENARIOS: Readonly<Record<keyof typeof MARKET_FINDINGS, Scenario>> = {
  'market-form': listed(['1.0'], ['1.0']),
  'market-order': listed(['1.0', '1.1']),
  'market-duplicate': listed(['1.0', '1.0']),
  'market-ref-missing': listed(['1.1']),
  'market-dependency-missing': built({ '1.0': manifestOf('hello', '1.0', DEPENDS) }),
  'market-tag-differs': built({ '1.1': manifestOf('hello', '1.0') }),
  'market-tag-unreadable': built({ '1.0': '' }),
};
