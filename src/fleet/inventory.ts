/** The servers of an inventory, as Ansible itself reads it. */

import path from 'node:path';
import { UserError, usageError } from '../support/errors.ts';
import { isListOf, isMapOf, isRecord, isText, parsedJson, type Shape } from '../support/shape.ts';
import { run } from '../support/run.ts';
import { statOf } from '../support/stat.ts';

/** Groups of an inventory, each with the hosts in it and in the groups below it, in the order of the file. */
export type Inventory = ReadonlyMap<string, readonly string[]>;

/** The groups that hold whole Wazo servers, the first that has hosts counts. Source: wazo-ansible, inventories/uc-engine. */
const GROUPS_OF_WAZO = ['uc_engine', 'uc_engine_host', 'b2bua', 'engine_api'];

/**
 * Reads an inventory of any form that Ansible knows.
 * @throws UserError `usage` when there is no such file, `no-ansible`, `inventory` with Ansible's own words
 */
export async function readInventory(file: string): Promise<Inventory> {
  if (statOf(file) === undefined)
    throw usageError(`there is no inventory ${file}`, 'Name a file that ansible-inventory reads.');
  const found = path.resolve(file);
  const { status, stdout, stderr } = await run(['ansible-inventory', '-i', found, '--list'], {
    env: { ANSIBLE_DEPRECATION_WARNINGS: 'False' },
  });
  if (status === 127)
    throw new UserError('no-ansible', 'there is no ansible-inventory on this machine', {
      help: 'apt-get install --no-install-recommends ansible-core aptly gnupg',
    });
  const inventory = status === 0 ? groupsOf(stdout) : undefined;
  if (inventory === undefined || /Unable to parse/.test(stderr))
    throw new UserError('inventory', `Ansible cannot read ${file}: ${stderr.trim()}`, {
      help: `ansible-inventory -i ${file} --list`,
    });
  return inventory;
}

const isInventory = isMapOf(
  isRecord({}, { hosts: isListOf(isText), children: isListOf(isText) }),
) as unknown as Shape<Readonly<Record<string, Row>>>;

/** The groups in what `ansible-inventory --list` printed; undefined when that is no inventory. */
export function groupsOf(text: string): Inventory | undefined {
  const data = parsedJson(text);
  if (!isInventory(data)) return undefined;
  const groups = new Map<string, readonly string[]>();
  for (const name of Object.keys(data)) {
    if (name === '_meta') continue;
    const hosts = [...hostsOf(data, name)];
    if (hosts.length > 0) groups.set(name, hosts);
  }
  return groups;
}

interface Row {
  readonly hosts?: readonly string[];
  readonly children?: readonly string[];
}

/** Without calls within each other: groups may lie as deep as they are many. */
function hostsOf(data: Readonly<Record<string, Row>>, name: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const hosts = new Set<string>();
  const todo = [name];
  for (let group = todo.pop(); group !== undefined; group = todo.pop()) {
    const row = data[group];
    if (row === undefined || seen.has(group)) continue;
    seen.add(group);
    for (const host of row.hosts ?? []) hosts.add(host);
    todo.push(...(row.children ?? []).toReversed());
  }
  return hosts;
}

/**
 * The group of Wazo servers: the one that a person named, one that wazo-ansible makes, or the only one.
 * @throws UserError `usage` when none can be chosen
 */
export function chooseGroup(inventory: Inventory, wanted: string | undefined): string {
  const own = [...inventory.keys()].filter((name) => name !== 'all' && name !== 'ungrouped');
  const known = `It has ${own.length === 0 ? 'no groups' : own.join(', ')}.`;
  if (wanted !== undefined) {
    if (inventory.has(wanted)) return wanted;
    throw usageError(`--group ${wanted}: the inventory has no such group with hosts`, known);
  }
  const group = GROUPS_OF_WAZO.find((name) => inventory.has(name));
  if (group !== undefined) return group;
  const [only, ...others] = own;
  if (only !== undefined && others.length === 0) return only;
  if (only === undefined && inventory.has('all')) return 'all';
  throw usageError(
    'the inventory does not tell which group holds the Wazo servers',
    `${known} Name it: --group NAME`,
  );
}
