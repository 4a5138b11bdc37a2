import { EVENT_TABLE } from '../loop/event-table.ts';
import { effectLabel } from '../effects/registry.ts';
import type { TableRow } from '../wazo/needs.ts';
import type { Schema } from '../readers/yaml/validate.ts';
import { ABILITIES, REQUIREMENTS, type Ability } from '../stacks/requirements.ts';
import { KEYS } from '../terminal/keys.ts';
import { block, entries, escapeHtml, sentence, slug, type Entry, type Section } from './html.ts';
import type { Recording } from './recordings.ts';
import { withoutAnsi } from './ansi.ts';
import { pathsOf } from './pattern-paths.ts';

/** The reload table: the needs of a changed file, by its installed path. */
export function reloadSection(table: readonly TableRow[]): Section {
  const rows = table.map(({ pattern, because, source, ...need }) => ({
    term: pathsOf(pattern)
      .map((path) => `<code>${escapeHtml(path)}</code>`)
      .join('<br>'),
    about: `${labels(need)
      .map((label) => `<strong>${escapeHtml(label)}</strong>`)
      .join(', ')}: ${sentence(because)}
<span class="quiet">${escapeHtml(source)}</span>`,
  }));
  return {
    id: 'reloads',
    title: 'What each file needs',
    html: `<p>By installed path; the first row that matches wins. <code>reload:</code> in wdev.yml adds rows. A Python
package restarts the services that load its entry points. <code>*</code> stands for any name, and
<code>$1</code> for the service, module or plugin that the path names.</p>${entries(rows)}`,
  };
}

function labels({ effects, left }: Pick<TableRow, 'effects' | 'left'>): readonly string[] {
  const done = effects.map((effect) => effectLabel(effect));
  const all = left === undefined ? done : [...done, `ask ${left}`];
  return all.length === 0 ? ['nothing'] : all;
}

/** Events of the dev loop, and keys on its terminal. */
export function eventSection(recording: Recording | undefined): Section {
  const lines = withoutAnsi(recording?.text ?? '')
    .split('\n')
    .filter((line) => line.startsWith('{'));
  const rows = Object.entries(EVENT_TABLE).map(([name, about]) => ({
    id: slug('event', name),
    term: `<code>${name}</code>`,
    about: sentence(about) + sample(name, lines),
  }));
  const keys = KEYS.map(({ key, help }) => ({
    term: `<kbd>${escapeHtml(key)}</kbd>`,
    about: sentence(help),
  }));
  return {
    id: 'events',
    title: 'Events and keys',
    html: `<p><code>wdev watch --json</code> and <code>wdev install --json</code> print one JSON object per line. The
examples are from a real run of <code>wdev watch hello --once --json</code>.</p>${entries(rows)}
<h3 id="keys">Keys of wdev watch</h3>${entries(keys)}`,
  };
}

function sample(event: string, lines: readonly string[]): string {
  const line = lines.find((text) => text.startsWith(`{"event":"${event}"`));
  return line === undefined ? '' : block(escapeHtml(line), `an event ${event}`);
}

/** wdev.yml, from its JSON Schema. */
export function settingSection(schema: Schema): Section {
  return {
    id: 'settings',
    title: 'wdev.yml',
    html: `<p>${sentence(schema.description ?? '')}</p>${settings(schema)}`,
  };
}

function settings(schema: Schema): string {
  return entries(
    Object.entries(schema.properties ?? {}).map(([name, value]): Entry => {
      const inner = value.items ?? value;
      const words = value.enum === undefined ? '' : ` <span class="quiet">${value.enum.join(', ')}</span>`;
      const below = inner.properties === undefined ? '' : settings(inner);
      const type = ` <span class="quiet">${value.type}</span>`;
      return {
        term: `<code>${escapeHtml(name)}</code>`,
        about: `${sentence(value.description ?? '')}${words}${type}${below}`,
      };
    }),
  );
}

/** The requirements of a machine, as wdev doctor probes them. */
export function requirementSection(): Section {
  const rows = (Object.keys(ABILITIES) as Ability[]).map((ability) => ({
    term: escapeHtml(ABILITIES[ability]),
    about: REQUIREMENTS.filter((need) => need.ability === ability)
      .map(({ what, debian, better }) => {
        const from = debian === undefined ? '' : ` <span class="quiet">Debian: ${escapeHtml(debian)}</span>`;
        return `${escapeHtml(what)}${from}${better === undefined ? '' : ` (with it ${escapeHtml(better)})`}`;
      })
      .join('<br>'),
  }));
  return {
    id: 'needs',
    title: 'What a machine needs',
    html: `<p><code>wdev doctor</code> checks this machine, and shows the command that installs what is missing.</p>${entries(rows)}`,
  };
}
