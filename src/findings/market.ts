import { met, row } from './row.ts';

const MARKET = 'wazo-plugind, market';

/** Faults of a private market. */
export const MARKET_FINDINGS = met({
  'market-form': row(
    'error',
    'v1/plugins is not valid',
    'A server then shows no plugin of the market, or refuses an installation.',
    'Correct it, or build the market again: wdev market build REPO… --out DIR',
    MARKET,
    'v1/plugins: a version that is a number\n$ wdev market check',
  ),
  'market-order': row(
    'error',
    'An older version is listed before a newer one',
    'Without a version wazo-plugind takes the first one that a server may have, not the newest.',
    'List the newest version first; wdev market build does.',
    MARKET,
    'v1/plugins: versions 1.0, 1.1\n$ wdev market check',
  ),
  'market-duplicate': row(
    'error',
    'A plugin or a version is listed twice',
    'wazo-plugind takes the first one, so the other is never installed.',
    'Remove one of the two.',
    MARKET,
    'v1/plugins: acme/hello twice\n$ wdev market check',
  ),
  'market-ref-missing': row(
    'error',
    'The repository has no such branch or tag, or does not answer',
    'An installation of the version ends while downloading.',
    'Push the tag, or build the market again.',
    'wazo-plugind, downloading step',
    'a tag that was removed since\n$ wdev market check',
  ),
  'market-dependency-missing': row(
    'error',
    'The market lacks a plugin that one of its plugins depends on',
    'wazo-plugind takes dependencies from the market only and continues without them; then gdebi refuses the package.',
    'Build the market again with the repository of the dependency: wdev market build REPO… --out DIR',
    'wazo-plugind, installing dependencies step',
    'wazo/plugin.yml: depends: [{namespace: acme, name: base}]; no acme/base among the repositories\n$ wdev market build',
  ),
  'market-tag-differs': row(
    'warning',
    'A tag differs from the version in its plugin.yml',
    'The market would offer a version that is not installed then, so wazo-plugind would try it again and again.',
    'Tag the commit whose wazo/plugin.yml has that version. wdev release sets the version and the tag.',
    MARKET,
    'tag 1.1, and version: "1.0" in it\n$ wdev market build',
  ),
  'market-tag-unreadable': row(
    'warning',
    'A tag contains no plugin, or several',
    'The market skips it.',
    'Ignore this for a tag that is older than the plugin; otherwise check out the tag and run wdev check.',
    MARKET,
    'a tag without wazo/plugin.yml\n$ wdev market build',
  ),
});
