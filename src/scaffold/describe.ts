/** What `wdev templates` tells, made from the templates themselves. */

import { usageError } from '../support/errors.ts';
import { settleAnswers } from './answers.ts';
import { KINDS, loadTemplate } from './load.ts';
import type { Question } from './question.ts';
import { ANSWERS_FILE, render } from './render.ts';
import type { Template } from './template.ts';
import { fileTree } from './tree.ts';

export interface Description {
  readonly lines: readonly string[];
  readonly data: unknown;
}

export function listTemplates(): Description {
  const templates = KINDS.map((kind) => loadTemplate(kind));
  const rows = templates.flatMap((template) => [
    { name: template.name, summary: template.summary, indent: '' },
    ...template.parts.map((part) => ({ name: part.name, summary: part.summary, indent: '  ' })),
  ]);
  const width = Math.max(...rows.map((row) => row.indent.length + row.name.length)) + 2;
  return {
    lines: rows.map((row) => `${(row.indent + row.name).padEnd(width)}${row.summary}`),
    data: templates.map(({ name, title, summary, version, parts }) => ({
      name,
      title,
      summary,
      version,
      parts: parts.map((part) => ({ name: part.name, title: part.title, summary: part.summary })),
    })),
  };
}

/** A kind, or a part of one: its questions, and the files that the default answers make. */
export async function describeTemplate(name: string): Promise<Description> {
  const { template, part } = find(name);
  const own = part === undefined ? template.questions : template.questions.filter((q) => isOf(q, part));
  const answers = await settleAnswers(template, {
    given: { name: 'example', namespace: 'acme', ...(part === undefined ? {} : { parts: [part] }) },
    facts: { year: '2026', gitName: 'Acme', gitEmail: '', user: 'acme' },
    open: 'defaults',
  });
  const files = render(template, answers).filter((file) => file.path !== ANSWERS_FILE);
  const chosen = template.parts.find((entry) => entry.name === part) ?? template;
  return {
    lines: [
      `${name}: ${chosen.summary}`,
      '',
      `Make it: wdev new ${template.name}${part === undefined ? '' : ` --part ${part}`} [DIR]`,
      '',
      ...(own.length === 0 ? [] : ['Questions']),
      ...own.map((question) => `  --${question.flag.padEnd(18)} ${question.message}`),
      ...(own.length === 0 ? [] : ['']),
      `Files of ${String(answers['namespace'])}-${String(answers['name'])}`,
      ...fileTree(files),
    ],
    data: {
      name,
      template: template.name,
      title: chosen.title,
      summary: chosen.summary,
      questions: own,
      files: files.map((file) => ({ path: file.path, mode: `0${file.mode.toString(8)}` })),
    },
  };
}

function isOf(question: Question, part: string): boolean {
  const parts = question.when?.['parts'];
  return Array.isArray(parts) && parts.includes(part);
}

function find(name: string): { readonly template: Template; readonly part: string | undefined } {
  const templates = KINDS.map((kind) => loadTemplate(kind));
  const kind = templates.find((template) => template.name === name);
  if (kind !== undefined) return { template: kind, part: undefined };
  const owner = templates.find((template) => template.parts.some((part) => part.name === name));
  if (owner !== undefined) return { template: owner, part: name };
  const known = templates.flatMap((template) => [template.name, ...template.parts.map((part) => part.name)]);
  throw usageError(`there is no template ${name}`, `There are ${known.join(', ')}.`);
}
