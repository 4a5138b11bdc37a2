/** A market: the one file that wazo-plugind reads of it. Pure. */

import type { Finding } from '../findings/finding.ts';
import { readOwnYaml } from '../readers/yaml/own.ts';
import type { Schema } from '../readers/yaml/validate.ts';
import { compareDebianVersions } from '../wazo/debian-versions.ts';

/** Where it lies below the address of a market. */
export const MARKET_FILE = 'v1/plugins';

export interface MarketVersion {
  readonly version: string;
  readonly min_wazo_version?: string;
  readonly max_wazo_version?: string;
  readonly method: 'git';
  readonly options: { readonly url: string; readonly ref: string; readonly subdirectory?: string };
}

export interface MarketPlugin {
  readonly namespace: string;
  readonly name: string;
  readonly display_name: string;
  readonly description?: string;
  readonly author?: string;
  readonly versions: readonly MarketVersion[];
}

export interface Market {
  readonly items: readonly MarketPlugin[];
  readonly total: number;
}

/** A version of a plugin as a tag has it. */
export interface TaggedVersion {
  readonly plugin: Omit<MarketPlugin, 'versions'>;
  readonly version: MarketVersion;
  /** `namespace/name` of what it depends on. */
  readonly depends: readonly string[];
}

/** The market of tagged versions: plugins by name, of each the newest version first, as wazo-plugind chooses. */
export function marketOf(tagged: readonly TaggedVersion[]): Market {
  const byId = new Map<string, TaggedVersion[]>();
  for (const one of tagged) {
    const id = idOf(one.plugin);
    const known = byId.get(id);
    if (known === undefined) byId.set(id, [one]);
    else known.push(one);
  }
  const items = [...byId.keys()].sort().flatMap((id) => {
    const all = (byId.get(id) ?? []).toSorted((a, b) =>
      compareDebianVersions(b.version.version, a.version.version),
    );
    const [newest] = all;
    return newest === undefined ? [] : [{ ...newest.plugin, versions: all.map(({ version }) => version) }];
  });
  return { items, total: items.length };
}

/** Dependencies of versions that the market lacks; only of the newest ones, since older stay installable by name. */
export function missingDependencies(tagged: readonly TaggedVersion[], market: Market): readonly Finding[] {
  const known = new Set(market.items.map(idOf));
  const dependsOf = new Map(tagged.map(({ version, depends }) => [version, depends]));
  return market.items.flatMap((item) => {
    const [newest] = item.versions;
    return (newest === undefined ? [] : (dependsOf.get(newest) ?? []))
      .filter((id) => !known.has(id))
      .map((id) =>
        finding(
          'market-dependency-missing',
          `${idOf(item)} ${newest?.version} needs ${id}, which is not in the market`,
        ),
      );
  });
}

/** Reads the text of v1/plugins, and says what is wrong with it. */
export function readMarket(
  text: string,
  schema: Schema,
): { readonly market: Market | undefined; readonly findings: readonly Finding[] } {
  const { value, problems, lineAt } = readOwnYaml(text, { schema });
  if (problems.length > 0 || value === null) {
    const all = problems.length > 0 ? problems : [{ message: 'it is empty', line: 1 }];
    const findings = all.map(({ message, line }) => finding('market-form', message, line));
    return { market: undefined, findings };
  }
  const market = value as Market;
  const findings: Finding[] = [];
  if (market.total !== market.items.length)
    findings.push(
      finding(
        'market-form',
        `"total" is ${market.total}, but ${market.items.length} plugins are listed`,
        lineAt('total'),
      ),
    );
  const ids = new Set<string>();
  for (const [at, item] of market.items.entries()) {
    const id = idOf(item);
    if (ids.has(id)) findings.push(finding('market-duplicate', `${id} is listed twice`, lineAt('items', at)));
    ids.add(id);
    for (const [index, { version }] of item.versions.entries()) {
      const line = lineAt('items', at, 'versions', index);
      const before = item.versions[index - 1]?.version;
      const order = before === undefined ? 1 : compareDebianVersions(before, version);
      if (order === 0) findings.push(finding('market-duplicate', `${id} ${version} is listed twice`, line));
      if (order < 0)
        findings.push(
          finding('market-order', `${id}: ${version} must come before ${before} (newest first)`, line),
        );
    }
  }
  return { market, findings };
}

export function idOf({ namespace, name }: Pick<MarketPlugin, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

export function finding(
  code:
    | 'market-form'
    | 'market-order'
    | 'market-duplicate'
    | 'market-dependency-missing'
    | 'market-ref-missing',
  message: string,
  line?: number,
): Finding {
  return {
    code,
    level: 'error',
    message,
    ...(line === undefined ? {} : { file: MARKET_FILE, line }),
    source: 'wazo-plugind, market',
  };
}
