/** The routes that a plugin's Python gives to the REST APIs of services, as far as its text tells. */

import { settingOf } from '../../readers/service-settings.ts';
import type { PythonClass, PythonFile } from '../../readers/python/facts.ts';
import { AUTHENTICATED, OPEN, VERBS, last } from '../../readers/python/resources.ts';
import { readTexts } from '../../readers/python/read-facts.ts';
import type { StagedFile, StagedTree } from '../../stage/tree.ts';
import { entryPointsOf } from '../../stage/entry-points.ts';
import type { EntryPoint } from '../../wazo/entry-point.ts';
import { enablingKey, groupOf, serviceOfGroup } from '../../wazo/groups.ts';
import { PYTHON_PATH } from '../../wazo/needs.ts';
import type { Service } from '../../wazo/services.ts';

export interface Route {
  readonly service: Service;
  readonly entry: EntryPoint;
  /** As the code has it, behind the version of the API: `/1.0/acme/<name>`. */
  readonly written: string;
  /** With a value for each parameter. */
  readonly url: string;
  /** Upper case; empty where the class was not found. */
  readonly methods: readonly string[];
  /** Whether everybody may ask: as the code says, or unknown where it is not seen to say anything. */
  readonly isOpen: boolean | undefined;
  /** The right of a GET, without what its placeholders become. */
  readonly right: string | undefined;
  /** Whether the service must have it: nothing in the code or the settings may leave it out. */
  readonly isCertain: boolean;
  /** Installed path and line of the call that gives it. */
  readonly file: string;
  readonly line: number;
}

/** Files of one plugin that are read: more are no plugin of a service. */
const MOST_FILES = 300;

/** A staged file never changes. */
const known = new WeakMap<StagedFile, PythonFile>();

/** The routes of a plugin; none where this machine has no Python 3. */
export async function routesOfTree(tree: StagedTree): Promise<readonly Route[]> {
  const entries = entryPointsOf(tree).filter(({ group }) => groupOf(group)?.http === true);
  if (entries.length === 0) return [];
  const files = new Map<string, PythonFile>();
  const modules = [...tree.values()].filter((file) => isModule(file)).slice(0, MOST_FILES);
  const fresh = modules.filter((file) => !known.has(file));
  const read = await readTexts(fresh.map(textOf));
  if (read === undefined) return [];
  for (const [index, file] of fresh.entries()) {
    const facts = read.files[index];
    if (facts !== undefined) known.set(file, facts);
  }
  for (const file of modules) {
    const facts = known.get(file);
    if (facts !== undefined) files.set(file.path, facts);
  }
  return routesIn(files, entries, tree);
}

function isModule({ path, link, folder }: StagedFile): boolean {
  return link === undefined && folder !== true && PYTHON_PATH.exec(path)?.[1]?.endsWith('.py') === true;
}

function textOf({ path, bytes }: StagedFile): { readonly path: string; readonly text: string } {
  return { path, text: bytes.toString('utf8') };
}

function routesIn(
  files: ReadonlyMap<string, PythonFile>,
  entries: readonly EntryPoint[],
  tree: StagedTree,
): readonly Route[] {
  return [...files].flatMap(([file, { calls }]) => {
    const owner = ownerOf(PYTHON_PATH.exec(file)?.[1] ?? '', entries);
    const service = owner === undefined ? undefined : serviceOfGroup(owner.group);
    if (owner === undefined || service?.api === undefined) return [];
    return calls.flatMap((call): readonly Route[] => {
      const [resource, ...urls] = call.args;
      if (last(call.name) !== 'add_resource' || resource?.is !== 'name') return [];
      const found = classOf(last(resource.value), file, files);
      const get = found?.methods.find(({ name }) => name === 'get');
      const isGiven = call.on === 'api' && call.within === 'load' && call.optional !== true;
      const about = {
        service,
        entry: owner,
        methods: found?.methods.flatMap(({ name }) => (VERBS.has(name) ? [name.toUpperCase()] : [])) ?? [],
        isOpen: found === undefined ? undefined : openness(found),
        right: get?.rights[0]?.text,
        file,
        line: call.line,
      };
      return urls.flatMap((url): readonly Route[] => {
        if (url.is !== 'text' || !url.value.startsWith('/')) return [];
        const { text, isPlain } = withValues(url.value);
        const isCertain = isGiven && isPlain && isEnabled(owner, tree);
        const api = `/${service.api ?? ''}`;
        return [{ ...about, written: `${api}${url.value}`, url: `${api}${text}`, isCertain }];
      });
    });
  });
}

/** The entry point whose module this file is, or lies beside; undefined where it may be of several services. */
function ownerOf(file: string, entries: readonly EntryPoint[]): EntryPoint | undefined {
  const module = file.replace(/(?:\/__init__)?\.py$/, '').replaceAll('/', '.');
  const moduleOf = ({ value }: EntryPoint): string => (value.split(':')[0] ?? '').trim();
  const own = entries.filter((entry) => moduleOf(entry) === module);
  const home = module.slice(0, module.lastIndexOf('.') + 1);
  const beside = entries.filter((entry) => home !== '' && moduleOf(entry).startsWith(home));
  const found = own.length > 0 ? own : beside;
  const services = new Set(found.map(({ group }) => serviceOfGroup(group)?.unit));
  return services.size === 1 ? found[0] : undefined;
}

function classOf(
  name: string,
  file: string,
  files: ReadonlyMap<string, PythonFile>,
): PythonClass | undefined {
  const all = [...files].flatMap(([path, { classes }]) =>
    classes.flatMap((found) => (found.name === name ? [{ path, found }] : [])),
  );
  const folder = (path: string): string => path.slice(0, path.lastIndexOf('/'));
  const near = all.filter(({ path }) => folder(path) === folder(file));
  const [only, ...others] = near.length > 0 ? near : all;
  return others.length === 0 ? only?.found : undefined;
}

/** Whether a GET asks for no token, by what the class says: one that names a right wants to ask. */
function openness({ bases, attributes, methods }: PythonClass): boolean | undefined {
  const get = methods.find(({ name }) => name === 'get');
  if (get !== undefined && get.rights.length > 0) return false;
  const names = bases.map(last);
  if (get?.decorators.some((name) => /no_auth|public|login|signature/i.test(last(name))) === true)
    return true;
  if (attributes.some((name) => /^(?:method_)?decorators$/.test(name))) return true;
  if (names.some((name) => OPEN.test(name))) return true;
  return names.some((name) => AUTHENTICATED.test(name)) ? false : undefined;
}

/** Values that werkzeug's own converters take. */
const VALUES: Readonly<Record<string, string>> = {
  default: '0',
  string: '0',
  int: '0',
  float: '0.0',
  path: '0',
  uuid: '00000000-0000-0000-0000-000000000000',
};

function withValues(url: string): { readonly text: string; readonly isPlain: boolean } {
  let isPlain = true;
  const text = url.replaceAll(
    /<(?:([^:<>]*):)?([^<>:]+)>/g,
    (_, converter: string | undefined, name: string) => {
      const value = VALUES[converter ?? (name.endsWith('uuid') ? 'uuid' : 'default')];
      if (value === undefined) isPlain = false;
      return value ?? '0';
    },
  );
  return { text, isPlain };
}

/** Whether the plugin's own settings let the service load it. */
export function isEnabled(entry: EntryPoint, tree: StagedTree): boolean {
  const key = enablingKey(entry);
  if (key === undefined) return true;
  const folder = `/etc/${key.service}/conf.d/`;
  const files = [...tree.values()]
    .filter(({ path }) => path.startsWith(folder) && path.endsWith('.yml'))
    .map(({ path, bytes }) => ({ path, text: bytes.toString('utf8') }));
  const setting = settingOf(files, key.keys);
  if (setting.state !== 'set') return false;
  const { value } = setting;
  if (key.value === undefined) return Boolean(value);
  return value === key.value || (Array.isArray(value) && value.includes(key.value));
}
