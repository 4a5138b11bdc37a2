import type { Question } from '../answers/question.ts';
import type { Part, Template } from '../templates/template.ts';
import { inSentence } from '../templates/built-in.ts';
import { entries, escapeHtml, sentence, slug, type Entry, type Section } from './html.ts';

/** Kinds of plugins and their parts, with the questions that each asks. */
export function templateSection(templates: readonly Template[]): Section {
  return {
    id: 'kinds',
    title: 'Kinds and parts',
    parts: templates.map(({ name }) => ({ id: slug('kind', name), title: name })),
    html: templates.map(kind).join('\n'),
  };
}

function kind({ name, title, summary, questions, parts }: Template): string {
  const own = questions.filter(({ when }) => when?.['parts'] === undefined);
  const rows = parts.map((part) => onePart(part));
  return `<section id="${slug('kind', name)}">
<h3>${escapeHtml(name)}: ${escapeHtml(title)}</h3>
<p>${sentence(summary)}. <code>wdev new ${escapeHtml(name)}</code></p>
<details><summary>Questions of every ${escapeHtml(inSentence(title))} (${own.length})</summary>${entries(own.map(question))}</details>
${rows.length === 0 ? '' : `<h4>Parts</h4>${entries(rows)}`}
</section>`;
}

function onePart({ name, summary, questions, adds }: Part): Entry {
  // what the template's samples stand for follows from answers
  const effects = [...adds.reloads, ...adds.restarts.map((unit) => `restart ${unit}`)].filter(
    (effect) => !effect.includes('acme'),
  );
  const applied =
    effects.length === 0 ? '' : `<p class="quiet">Needs: ${effects.map(escapeHtml).join(', ')}</p>`;
  const asked = questions.length === 0 ? '' : entries(questions.map(question));
  return {
    id: slug('part', name),
    term: `<code>${escapeHtml(name)}</code>`,
    about: `${sentence(summary)}${applied}${asked}`,
  };
}

function question({ flag, message, choices, default: preset }: Question): Entry {
  const words = (choices ?? []).map(({ value }) => value).join(', ');
  const usual =
    typeof preset === 'string' && preset !== '' && !preset.includes('{') ? `default: ${preset}` : '';
  const notes = [words, usual].filter((note) => note !== '').map(escapeHtml);
  return {
    term: `<code>--${escapeHtml(flag)}</code>`,
    about: `${sentence(message)}${notes.map((note) => ` <span class="quiet">${note}</span>`).join('')}`,
  };
}
