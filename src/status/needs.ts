import { planBatch, type TargetFacts } from '../effects/plan.ts';
import type { EntryPoint } from '../wazo/entry-point.ts';
import type { Plugin } from '../kinds/plugin.ts';
import { SERVICES } from '../wazo/services.ts';
import { DIALPLAN_PATH } from '../effects/evidence/dialplan.ts';

/** What has to run on a target so that a plugin's files mean anything. */
export interface Needs {
  /** Unit → installed paths that it reads at its start. */
  readonly units: ReadonlyMap<string, readonly string[]>;
  /** Files that wazo-confgend makes by the plugin's drivers. */
  readonly generated: readonly { readonly resource: string; readonly filename: string }[];
  /** Files that Asterisk reads as dialplan. */
  readonly dialplan: readonly string[];
  /** Whether any file is Asterisk's. */
  readonly asterisk: boolean;
}

/** Derived from the reload table: what a change of each path would have to tell whom. */
export function needsOf(plugin: Plugin, paths: readonly string[], entryPoints: readonly EntryPoint[]): Needs {
  const facts = anyTarget(paths);
  const units = new Map<string, string[]>();
  const generated = new Map<string, { resource: string; filename: string }>();
  let asterisk = false;
  for (const path of paths) {
    const difference = { put: [], removed: [path] };
    const plan = planBatch([{ plugin, tree: new Map(), difference, oldEntryPoints: entryPoints }], facts);
    for (const { effect } of plan.effects) {
      if (effect.do === 'restart') units.set(effect.unit, [...(units.get(effect.unit) ?? []), path]);
      if (effect.do === 'generate') generated.set(`${effect.resource}/${effect.filename}`, effect);
      if (effect.do === 'console' && path.startsWith('/etc/asterisk/')) asterisk = true;
    }
  }
  return {
    units,
    generated: [...generated.values()].map(({ resource, filename }) => ({ resource, filename })),
    dialplan: paths.filter((path) => DIALPLAN_PATH.test(path)),
    asterisk,
  };
}

/** A target that has every service: what lacks on the real one is to be seen, not left out. */
function anyTarget(paths: readonly string[]): TargetFacts {
  const named = paths.flatMap((path) => {
    const name =
      /^\/etc\/([^/]+)\/conf\.d\//.exec(path) ??
      /\/systemd\/system\/([^/]+?)\.service(?:\.d)?(?:\/|$)/.exec(path);
    return name?.[1] === undefined ? [] : [name[1]];
  });
  const units = new Set([...SERVICES.map(({ unit }) => unit), ...named]);
  return { units, hasAsterisk: true, runsRules: false };
}

/** A plugin of which only the name is known: what is installed, its sources elsewhere. */
export function nameOnly(id: string, version: string): Plugin {
  const [namespace, name] = id.includes('/') ? (id.split('/') as [string, string]) : ['', id];
  return { kind: namespace === '' ? 'confgend' : 'stack', dir: '', id, name, namespace, version };
}
