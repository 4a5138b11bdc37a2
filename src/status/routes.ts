import path from 'node:path';
import { dictEntries, valueOf } from '../readers/yaml/node.ts';
import { readYaml } from '../readers/yaml/read.ts';
import type { EntryPoint } from '../wazo/entry-point.ts';
import { serviceOfGroup } from '../wazo/groups.ts';
import { PYTHON_PATH } from '../wazo/needs.ts';
import type { StagedTree } from '../stage/tree.ts';
import { packageRoot } from '../support/paths.ts';
import { quoteAll } from '../support/quote.ts';
import { readText } from '../support/read-file.ts';
import type { Target } from '../targets/target.ts';
import type { ServiceState } from './service-state.ts';

/** A route that a plugin's `api.yml` tells of. */
export interface Route {
  readonly unit: string;
  readonly port: number;
  /** `/1.0/acme/hello/0`: with the version of the service, and 0 for each parameter. */
  readonly url: string;
  /** Installed path of the `api.yml`. */
  readonly file: string;
}

export interface RouteAnswer extends Route {
  /** HTTP status; 0 when nothing answered. */
  readonly status: number;
}

/** The routes that the services which run must have, by the plugin's own `api.yml` files. */
export function routesOf(
  tree: StagedTree,
  entryPoints: readonly EntryPoint[],
  up: readonly Pick<ServiceState, 'unit'>[],
): readonly Route[] {
  return [...tree.values()].flatMap((file) => {
    const folder = /^(?:(.*)\/)?api\.yml$/.exec(PYTHON_PATH.exec(file.path)?.[1] ?? '')?.[1];
    if (folder === undefined) return [];
    const owner = entryPoints.find(({ value }) => value.replaceAll('.', '/').startsWith(`${folder}/`));
    const { unit, api, port } = (owner && serviceOfGroup(owner.group)) ?? {};
    if (unit === undefined || api === undefined || port === undefined) return [];
    if (!up.some((service) => service.unit === unit)) return [];
    return pathsIn(file.bytes.toString('utf8')).map((name) => ({
      unit,
      port,
      url: `/${api}${name.replaceAll(/\{[^{}]*\}/g, '0')}`,
      file: file.path,
    }));
  });
}

function pathsIn(text: string): readonly string[] {
  const paths = valueOf(readYaml(text).root, 'paths');
  if (paths?.kind !== 'map') return [];
  return dictEntries(paths).flatMap(({ key }) => (key.text.startsWith('/') ? [key.text] : []));
}

/** Asks the services on a target for routes. An embedded stack has no services to ask. */
export async function probeRoutes(target: Target, routes: readonly Route[]): Promise<readonly RouteAnswer[]> {
  if (routes.length === 0 || target.root !== '') return [];
  const words = routes.map(({ port, url }) => `${port}:${url}`);
  const program = readText(path.join(packageRoot(), 'src/status/probe-routes.py'));
  const { stdout, status } = await target.run(`python3 -c ${quoteAll([program, ...words])}`);
  if (status !== 0) return [];
  const answers = stdout.toString('utf8').trim().split('\n');
  return routes.map((route, index) => ({ ...route, status: Number(answers[index]) }));
}
