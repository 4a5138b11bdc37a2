/**
 * Makes the page's model of the events of a watch, one after the other. Pure, and the same on both ends: the watch keeps
 * it for a page that is opened later and for the report, the page goes on from there.
 */

import type { EvidenceCounts } from '../effects/evidence/verify.ts';
import { mergedLoaded } from './loaded.ts';
import type { BatchEntry, BatchPart, Entry, PageEvent, PageModel, PagePlugin, Told } from './model.ts';

const MOST_ENTRIES = 200;
const MOST_FINDINGS = 50;
const MOST_LOG = 2_000;

export function emptyModel(startedAt: number): PageModel {
  return { target: '', startedAt, plugins: [], entries: [], forgotten: 0, log: [], generated: [], early: [] };
}

/** The model after an event. */
export function heard(model: PageModel, { at, event }: Told): PageModel {
  switch (event.event) {
    case 'ready':
      return event.plugins.reduce((all, id) => onPlugin(all, id, {}), { ...model, target: event.target });
    case 'plugins':
      return pluginsCame(model, event, at);
    case 'held':
      return held(model, event, at);
    case 'batch':
      return begun(model, event, at);
    case 'staged':
      return onPart(model, event, ({ path, why, ms }) => ({
        staged: { path, ms, ...(why === undefined ? {} : { why }) },
      }));
    case 'saved':
      return onPart(model, event, ({ diffs }) => ({ diffs }));
    case 'preview': {
      const { id, plugin, name, diff, ms } = event;
      const one = { plugin, name, diff, ms };
      // a driver is asked before its batch begins
      if (!hasBatch(model, id)) return { ...model, early: [...model.early, { id, ...one }] };
      return onBatch(model, id, ({ generated }) => ({ generated: [...generated, one] }));
    }
    case 'plan': {
      const { actions: planned, because, skipped } = event;
      return onBatch(model, event.id, () => ({ planned, because: [...new Set(because)], skipped }));
    }
    case 'action': {
      const { do: does, ok, ms, output } = event;
      const action = { does, ok, ms, ...(output === undefined ? {} : { output }) };
      return onBatch(generated(model, event, at), event.id, ({ actions }) => ({
        actions: [...actions, action],
      }));
    }
    case 'verified':
      return verified(model, event, at);
    case 'settled':
      return event.plugins.reduce((all, plugin) => {
        const settled = onPart(all, { id: event.id, plugin }, () => ({ settled: true }));
        return onPlugin(settled, plugin, { isSettled: true });
      }, model);
    case 'tested':
      return tested(model, event, at);
    case 'failed':
      return failed(model, event, at);
    case 'rolled-back':
      return rolledBack(model, event, at);
    case 'restored':
      return noted(model, `restored the target: ${counted(event.paths.length, 'file')}`, at);
    case 'log':
      return { ...model, log: [...model.log, ...event.lines].slice(-MOST_LOG) };
    case 'finding':
      return found(model, event);
    case 'warnings':
      return onPlugin(model, event.plugin, { warnings: event.findings });
    case 'stopped':
      return { ...endWait(model, at), stopped: event.reason };
    default:
      // the page of an older watch
      return model;
  }
}

type Of<Name extends PageEvent['event']> = Extract<PageEvent, { event: Name }>;

function counted(amount: number, word: string): string {
  return `${amount} ${word}${amount === 1 ? '' : 's'}`;
}

function pluginsCame(model: PageModel, { added, gone, moved }: Of<'plugins'>, at: number): PageModel {
  const came = added.reduce((all, id) => {
    const to = moved[id];
    const { isGone: _, waits: __, ...plugin } = pluginOf(all, id);
    const text = to === undefined ? `${id} is watched` : `the folder of ${id} is now ${to}`;
    return noted(withPlugin(all, plugin), text, at);
  }, model);
  return gone.reduce((all, id) => onPlugin(all, id, { isGone: true }), came);
}

function held(model: PageModel, { reason, plugins = [] }: Of<'held'>, at: number): PageModel {
  const waiting = plugins.reduce(
    (all, id) => onPlugin(all, id, { waits: reason.split(/[:;]/)[0] ?? '' }),
    model,
  );
  const last = waiting.entries.at(-1);
  if (last?.is === 'note' && last.text === reason && last.until === undefined) return waiting;
  return added(endWait(waiting, at), { is: 'note', at, text: reason, waits: true });
}

function begun(model: PageModel, { id, plugin, files }: Of<'batch'>, at: number): PageModel {
  const { waits: _, ...known } = pluginOf(model, plugin);
  const next = withPlugin(endWait(model, at), known);
  const part: BatchPart = { plugin, files, diffs: [], loaded: [], findings: [], more: 0, settled: false };
  if (hasBatch(next, id)) {
    return onBatch(next, id, ({ parts }) => ({
      parts: [...parts.filter((one) => one.plugin !== plugin), part],
    }));
  }
  const early = next.early.filter((one) => one.id === id).map(({ id: __, ...one }) => one);
  return added(
    { ...next, early: [] },
    {
      is: 'batch',
      id,
      at,
      parts: [part],
      planned: [],
      because: [],
      skipped: [],
      actions: [],
      generated: early,
    },
  );
}

function hasBatch({ entries }: PageModel, id: number): boolean {
  return entries.some((entry) => entry.is === 'batch' && entry.id === id);
}

/** The model with the text that a file was generated with. */
function generated(model: PageModel, { id, do: does, ok, output }: Of<'action'>, at: number): PageModel {
  const [, name] = /^generate (\S+)$/.exec(does) ?? [];
  if (name === undefined || !ok || output === undefined) return model;
  const others = model.generated.filter((one) => one.name !== name);
  const batch = model.entries.find((entry) => entry.is === 'batch' && entry.id === id);
  const by = batch?.is === 'batch' ? batch.parts.map(({ plugin }) => plugin) : [];
  return { ...model, generated: [...others, { name, text: output, at, by }] };
}

function verified(model: PageModel, event: Of<'verified'>, at: number): PageModel {
  const { id, plugin, version, ms, loaded, evidence } = event;
  const { trouble: _, live: before, ...known } = pluginOf(model, plugin);
  const live = { version: version ?? '', at, batch: id };
  const next = withPlugin(model, {
    ...known,
    live,
    ...(before === undefined ? {} : { before }),
    loaded: mergedLoaded(known.loaded, loaded),
    evidence: evidenceOf(known.evidence, evidence),
    isSettled: false,
  });
  const outcome = { outcome: 'verified' as const, ms, loaded, evidence };
  return ended(
    onPart(next, event, () => (version === undefined ? outcome : { ...outcome, version })),
    id,
    at,
  );
}

/** A batch that put no file says nothing new of those that are there. */
function evidenceOf(
  before: PagePlugin['evidence'],
  { verified: proven, placed }: EvidenceCounts,
): EvidenceCounts {
  return proven + placed === 0 && before !== undefined ? before : { verified: proven, placed };
}

function tested(model: PageModel, event: Of<'tested'>, at: number): PageModel {
  const { id, plugin, target, findings, passed, failed: bad, skipped } = event;
  const where = target === undefined ? '' : ` on ${target}`;
  const text = `tests of ${plugin}${where}: ${bad} failed, ${passed} passed, ${skipped} skipped`;
  const told = onPart(model, { id, plugin }, (part) => ({
    findings: [...part.findings, ...findings].slice(0, MOST_FINDINGS),
  }));
  return noted(told, text, at);
}

function failed(model: PageModel, event: Of<'failed'>, at: number): PageModel {
  const { id, plugin, findings } = event;
  const codes = [...new Set(findings.map(({ code }) => code))];
  const next = onPlugin(model, plugin, { trouble: { codes, at, batch: id } });
  const told = onPart(next, event, () => ({
    outcome: 'failed',
    findings: findings.slice(0, MOST_FINDINGS),
    more: Math.max(0, findings.length - MOST_FINDINGS),
  }));
  return ended(told, id, at);
}

/** A batch may be verified and fail after all: then what was live before it serves again. */
function rolledBack(model: PageModel, { id, live }: Of<'rolled-back'>, at: number): PageModel {
  const plugins = model.plugins.map((plugin): PagePlugin => {
    if (plugin.live?.batch !== id || plugin.trouble === undefined || plugin.before === undefined)
      return plugin;
    return { ...plugin, live: plugin.before };
  });
  return ended(
    onBatch({ ...model, plugins }, id, ({ actions }) => ({
      rolledBack: live,
      actions: [...actions, { does: 'roll back', ok: false }],
    })),
    id,
    at,
  );
}

/** Shows what is no failure with the last batch of its plugin. */
function found(model: PageModel, told: Of<'finding'>): PageModel {
  const { event: _event, plugin, ...finding } = told;
  const batch = model.entries.findLast(
    (entry) => entry.is === 'batch' && entry.parts.some((part) => part.plugin === plugin),
  );
  if (batch?.is !== 'batch') return onPlugin(model, plugin, {});
  return onPart(model, { id: batch.id, plugin }, ({ findings }) =>
    findings.length < MOST_FINDINGS ? { findings: [...findings, finding] } : {},
  );
}

function noted(model: PageModel, text: string, at: number): PageModel {
  return added(model, { is: 'note', at, text, waits: false });
}

function added(model: PageModel, entry: Entry): PageModel {
  const entries = [...model.entries, entry];
  const over = Math.max(0, entries.length - MOST_ENTRIES);
  return { ...model, entries: entries.slice(over), forgotten: model.forgotten + over };
}

function endWait(model: PageModel, at: number): PageModel {
  const last = model.entries.at(-1);
  if (last?.is !== 'note' || !last.waits || last.until !== undefined) return model;
  return { ...model, entries: [...model.entries.slice(0, -1), { ...last, until: at }] };
}

function ended(model: PageModel, id: number, at: number): PageModel {
  return onBatch(model, id, () => ({ until: at }));
}

function onBatch(
  model: PageModel,
  id: number,
  change: (batch: BatchEntry) => Partial<BatchEntry>,
): PageModel {
  const entries = model.entries.map((entry) =>
    entry.is === 'batch' && entry.id === id ? { ...entry, ...change(entry) } : entry,
  );
  return { ...model, entries };
}

function onPart<Named extends { readonly id: number; readonly plugin: string }>(
  model: PageModel,
  event: Named,
  change: (event: Named & BatchPart) => Partial<BatchPart>,
): PageModel {
  return onBatch(model, event.id, ({ parts }) => ({
    parts: parts.map((part) =>
      part.plugin === event.plugin ? { ...part, ...change({ ...part, ...event }) } : part,
    ),
  }));
}

function pluginOf(model: PageModel, id: string): PagePlugin {
  return (
    model.plugins.find((plugin) => plugin.id === id) ?? { id, isSettled: false, loaded: [], warnings: [] }
  );
}

function onPlugin(model: PageModel, id: string, change: Partial<PagePlugin>): PageModel {
  return withPlugin(model, { ...pluginOf(model, id), ...change });
}

function withPlugin(model: PageModel, plugin: PagePlugin): PageModel {
  const others = model.plugins.filter(({ id }) => id !== plugin.id);
  const plugins = [...others, plugin].toSorted((one, other) => (one.id < other.id ? -1 : 1));
  return { ...model, plugins };
}
