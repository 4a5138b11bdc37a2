/** The output of `wdev templates`, made from the templates themselves. */

import { usageError } from '../support/errors.ts';
import { didYouMean } from '../support/nearest.ts';
import { settleAnswers } from '../answers/answers.ts';
import { KINDS, builtInNames, exampleNames } from './built-in.ts';
import { loadTemplate } from './load.ts';
import { answerForm } from './flags.ts';
import type { Question } from '../answers/question.ts';
import { ANSWERS_FILE } from './list-files.ts';
import { render } from './render.ts';
import type { Template } from './template.ts';
import { neededSince } from '../wazo/since.ts';
import { fileTree } from './tree.ts';

export interface Description {
  readonly lines: readonly string[];
  readonly data: unknown;
}

export function listTemplates(): Description {
  const kinds = KINDS.map((kind) => loadTemplate(kind));
  const examples = exampleNames().map((name) => loadTemplate(name));
  const sections: readonly (readonly [string, readonly { name: string; summary: string }[]])[] = [
    ['Kinds: wdev new NAME', kinds],
    ...kinds
      .filter(({ parts }) => parts.length > 0)
      .map(({ name, parts }) => [`Parts of kind ${name}: wdev new ${name} --part NAME`, parts] as const),
    ['Examples: wdev new NAME', examples],
  ];
  const width = Math.max(...sections.flatMap(([, rows]) => rows.map(({ name }) => name.length))) + 2;
  const lines = sections.map(([title, rows]) =>
    [title, ...rows.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`)].join('\n'),
  );
  return {
    lines: lines.join('\n\n').split('\n'),
    data: [...kinds, ...examples].map(({ name, title, summary, version, kind, parts }) => ({
      name,
      title,
      summary,
      version,
      kind,
      // an example has the parts of its kind
      parts:
        name === kind
          ? parts.map((part) => ({ name: part.name, title: part.title, summary: part.summary }))
          : [],
    })),
  };
}

/** A kind, or a part of one: its questions, and the files that the default answers make. */
export async function describeTemplate(name: string): Promise<Description> {
  const { template, part } = find(name);
  const asked = template.questions.filter((question) => question.fixed === undefined);
  const own =
    part === undefined
      ? asked.filter((question) => template.kind === template.name || question.when?.['parts'] === undefined)
      : asked.filter((question) => isOf(question, part));
  const answers = await settleAnswers(template, {
    given: {
      name: 'example',
      ...(template.questions.some((question) => question.name === 'namespace') ? { namespace: 'acme' } : {}),
      ...(part === undefined ? {} : { parts: [part] }),
    },
    facts: { year: '2026', gitName: 'Acme', user: 'acme' },
    open: 'defaults',
  });
  const files = render(template, answers).filter((file) => file.path !== ANSWERS_FILE);
  const chosen = template.parts.find((entry) => entry.name === part) ?? template;
  const needed = neededSince(
    chosen.adds.entryPoints.map((line) => line.split(' = ')[0] ?? ''),
    new Map(files.map(({ path, content }) => [path, typeof content === 'string' ? content : ''])),
  );
  return {
    lines: [
      `${name}  ${chosen.summary}`,
      '',
      `Make it: wdev new ${template.name}${part === undefined ? '' : ` --part ${part}`} [DIR]`,
      '',
      ...changeLines(part === undefined ? template : undefined),
      ...(part === undefined ? partLines(template) : []),
      ...(needed === undefined ? [] : [`Needs Wazo ${needed.version}: ${needed.what}`, '']),
      ...(own.length === 0 ? [] : ['Questions']),
      ...own.map((question) => `  ${answerForm(question).padEnd(20)} ${question.message}`),
      ...(own.length === 0 ? [] : ['']),
      `Files of ${[answers['namespace'], answers['name']].filter(Boolean).map(String).join('-')}`,
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

function changeLines(template: Template | undefined): readonly string[] {
  const changes = Object.entries(template?.changes ?? {});
  if (changes.length === 0) return [];
  const lines = changes.flatMap(([version, texts]) => texts.map((text) => `  ${version}: ${text}`));
  return ['Changes, by version', ...lines, ''];
}

function partLines({ parts }: Template): readonly string[] {
  if (parts.length === 0) return [];
  const width = Math.max(...parts.map(({ name }) => name.length)) + 2;
  return ['Parts', ...parts.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`), ''];
}

function isOf(question: Question, part: string): boolean {
  const parts = question.when?.['parts'];
  return Array.isArray(parts) && parts.includes(part);
}

function find(name: string): { readonly template: Template; readonly part: string | undefined } {
  if (builtInNames().includes(name) || name.includes('/') || name === '.')
    return { template: loadTemplate(name), part: undefined };
  const kinds = KINDS.map((kind) => loadTemplate(kind));
  const owner = kinds.find((template) => template.parts.some((part) => part.name === name));
  if (owner !== undefined) return { template: owner, part: name };
  const known = [...builtInNames(), ...kinds.flatMap(({ parts }) => parts.map((part) => part.name))];
  throw usageError(`there is no template ${name}`, didYouMean(name, known, 'List them: wdev templates'));
}
