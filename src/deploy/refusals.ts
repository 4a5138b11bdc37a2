/** Why a version is not sent to a server: what wazo-plugind would do nothing about, or refuse. Pure. */

import { isScalar, valueOf } from '../readers/yaml/node.ts';
import { readYaml } from '../readers/yaml/read.ts';
import { UserError } from '../support/errors.ts';
import { compareDebianVersions } from '../wazo/debian-versions.ts';
import type { MarketEntry, ServerLook } from './server.ts';

export interface Candidate {
  readonly id: string;
  readonly version: string;
  readonly min: string | undefined;
  readonly max: string | undefined;
  /** The command that removes what the server has. */
  readonly removal: string;
}

/** The bounds of a plugin.yml, as wazo-plugind reads them. */
export function boundsOf(manifest: string): Pick<Candidate, 'min' | 'max'> {
  const { root } = readYaml(manifest);
  const text = (key: string): string | undefined => {
    const node = valueOf(root, key);
    return node !== undefined && isScalar(node) && node.kind !== 'null' ? node.python : undefined;
  };
  return { min: text('min_wazo_version'), max: text('max_wazo_version') };
}

/**
 * @throws UserError `installed-already`, `installed-newer`, `wazo-too-old`, `wazo-too-new`
 */
export function refuseVersion(candidate: Candidate, look: ServerLook, reinstall: boolean): void {
  const { id, version, min, max, removal } = candidate;
  const { installed, wazo } = look;
  if (installed?.version === version && !reinstall)
    throw new UserError(
      'installed-already',
      `${id} ${version} is already installed there, and wazo-plugind would do nothing`,
      {
        help: 'Raise the version (wdev release patch), or install it again: --reinstall',
      },
    );
  if (installed !== null && compareDebianVersions(version, installed.version) < 0)
    throw new UserError(
      'installed-newer',
      `${id} ${installed.version} is installed there, which is newer than ${version}`,
      {
        help: `Raise the version to more than ${installed.version}. To go back to ${version}, remove ${installed.version} first: ${removal}`,
      },
    );
  if (wazo === null) return;
  // compared as text. Source: wazo-plugind, validating step
  if (min !== undefined && wazo < min)
    throw new UserError('wazo-too-old', `the server has Wazo ${wazo}, and min_wazo_version is ${min}`, {
      help: 'Upgrade the server, or lower min_wazo_version in wazo/plugin.yml. wazo-plugind compares the two as text.',
    });
  if (max !== undefined && wazo > max)
    throw new UserError('wazo-too-new', `the server has Wazo ${wazo}, and max_wazo_version is ${max}`, {
      help: 'Raise max_wazo_version in wazo/plugin.yml, or remove it. wazo-plugind compares the two as text.',
    });
}

/**
 * @throws UserError `not-in-market`, `market-lacks-version`, `market-not-upgradable`
 */
export function refuseMarket(
  { id, version }: Candidate,
  entry: MarketEntry | undefined,
  reinstall: boolean,
): void {
  const help =
    'Build a market with it: wdev market build REPO… --out DIR. The server reads the address of its market from the key market, in /etc/wazo-plugind/conf.d.';
  if (entry?.versions === undefined)
    throw new UserError('not-in-market', `the market of that server has no ${id}: ${entry?.missing ?? ''}`, {
      help,
    });
  const found = entry.versions.find((one) => one.version === version);
  const known = entry.versions.map((one) => one.version).join(', ');
  if (found === undefined)
    throw new UserError(
      'market-lacks-version',
      `the market of that server has ${id} ${known}, but not ${version}`,
      {
        help,
      },
    );
  if (found.upgradable === false && !reinstall)
    throw new UserError(
      'market-not-upgradable',
      `the market does not offer ${id} ${version} to that server: ${boundsText(found)}`,
      {
        help: 'wazo-plugind would do nothing. Change the bounds and build the market again, or install it anyway: --reinstall',
      },
    );
}

function boundsText({
  min_wazo_version: min,
  max_wazo_version: max,
}: NonNullable<MarketEntry['versions']>[number]): string {
  const bounds = [
    ...(min === undefined ? [] : [`min_wazo_version ${min}`]),
    ...(max === undefined ? [] : [`max_wazo_version ${max}`]),
  ];
  return bounds.join(', ') || 'it says that it is not upgradable, and gives no bounds';
}
