/** Reports faults of a template's questions: conditions that nothing fulfils, questions that nothing uses. Pure. */

import { pascal } from '../wazo/names.ts';
import type { Finding } from '../findings/finding.ts';
import { withConsequences } from '../answers/consequences.ts';
import type { Condition, Question } from '../answers/question.ts';
import type { Template, TemplateFile } from './template.ts';

export function lintQuestions(template: Template): readonly Finding[] {
  return [
    ...lintConditions(template),
    ...lintPlaces(template),
    ...unusedQuestions(template),
    ...lintSamples(template),
  ];
}

interface Stated {
  readonly condition: Condition;
  readonly where: string;
}

function conditionsOf(template: Template): readonly Stated[] {
  const files = [...template.files, ...template.parts.flatMap((part) => part.files)];
  const own = (condition: Condition | undefined, where: string): readonly Stated[] =>
    condition === undefined ? [] : [{ condition, where }];
  return [
    ...files.flatMap(({ when, source }) => when.flatMap((condition) => own(condition, `of ${source}`))),
    ...template.questions.flatMap(({ name, when, askWhen }) => [
      ...own(when, `of the question ${name}`),
      ...own(askWhen, `of the question ${name}`),
    ]),
    ...template.checks.map(({ when, message }) => ({ condition: when, where: `of the check "${message}"` })),
  ];
}

function lintConditions(template: Template): readonly Finding[] {
  const values = knownValues(template);
  const findings = new Map<string, Finding>();
  const report = (message: string): void => {
    findings.set(message, {
      code: 'template-condition',
      level: 'error',
      message,
      file: 'template.yml',
      help: 'Use questions, values that choices set, lookups, parts and traits.',
    });
  };
  for (const { condition, where } of conditionsOf(template)) {
    const { not, ...wanted } = condition;
    for (const [name, value] of [...Object.entries(wanted), ...Object.entries(not ?? {})]) {
      const known = values.get(name);
      if (!values.has(name)) report(`The condition ${where} never holds: no question is called "${name}"`);
      const unknown = [value].flat().find((one) => known !== undefined && !known.includes(one));
      if (unknown !== undefined)
        report(`The condition ${where} never holds: "${name}" cannot be ${String(unknown)}`);
    }
  }
  return [...findings.values()];
}

/** Names that conditions can test, with the values that they can have; undefined for any text. */
function knownValues(template: Template): ReadonlyMap<string, readonly unknown[] | undefined> {
  const values = new Map<string, readonly unknown[] | undefined>();
  const all = withConsequences(template, { name: 'tryout', namespace: 'sample', filename: 'a.conf' });
  for (const name of Object.keys(all)) values.set(name, undefined);
  for (const question of template.questions) {
    for (const choice of question.choices ?? [])
      for (const name of Object.keys(choice.sets ?? {})) values.set(name, undefined);
    values.set(question.name, valuesOf(question));
  }
  const adds = [template.adds, ...template.parts.map((part) => part.adds)];
  values.set(
    'traits',
    adds.flatMap(({ traits }) => traits),
  );
  for (const name of [
    'versionedDepends',
    'dependsOnItself',
    'crossedBounds',
    'hasLongNames',
    'hasTooLongNames',
  ])
    values.set(name, [true, false]);
  return values;
}

function valuesOf(question: Question): readonly unknown[] | undefined {
  if (question.type === 'confirm') return [true, false];
  return question.choices?.map(({ value }) => value);
}

/** A condition for a file that is not there is a slip of the pen. */
function lintPlaces(template: Template): readonly Finding[] {
  const files = [...template.files, ...template.parts.flatMap((part) => part.files)];
  const paths = files.map(({ source }) => source.slice(source.indexOf('/files/') + '/files/'.length));
  return template.own.conditions
    .filter((key) => !paths.some((path) => path === key || (key.endsWith('/') && path.startsWith(key))))
    .map((key) => ({
      code: 'template-condition',
      level: 'error',
      message: `Condition for "${key}", which does not exist in files/`,
      file: 'template.yml',
      help: 'Correct the path (a folder ends in /), or remove the condition.',
    }));
}

/** Questions that every plugin is asked, whether or not its template writes the answer. */
const COMMON = ['name', 'namespace', 'parts'];

function unusedQuestions(template: Template): readonly Finding[] {
  const tags = tagsOf(template);
  const patterns = [
    ...usedSamples(template),
    ...template.questions.flatMap((question) => [
      String(question.default ?? ''),
      ...(question.choices ?? []).flatMap((choice) => Object.values(choice.sets ?? {})),
    ]),
    ...Object.values(template.lookups).flatMap((lookup) => [lookup.key, lookup.otherwise]),
    ...template.checks.map((check) => check.message),
  ].join('\n');
  const tested = new Set(
    conditionsOf(template).flatMap(({ condition }) => [
      ...Object.keys(condition),
      ...Object.keys(condition['not'] ?? {}),
    ]),
  );
  const isUsed = (question: Question): boolean =>
    COMMON.includes(question.name) ||
    tested.has(question.name) ||
    new RegExp(`\\{([A-Za-z]+\\|)*${question.name}[|}]`).test(patterns) ||
    (question.choices ?? []).some((choice) => choice.sets !== undefined) ||
    new RegExp(`\\b(${question.name}\\b|is${pascal(question.name)}[A-Z0-9])`).test(tags) ||
    // made into something else before tags see it (context.ts)
    ['description', 'depends', 'debianDepends'].includes(question.name);
  return template.questions
    .filter((question) => template.own.questions.includes(question.name) && !isUsed(question))
    .map((question) => ({
      code: 'template-question-unused',
      level: 'warning',
      message: `Question "${question.name}" is never used`,
      file: 'template.yml',
      help: 'Remove it, or use its answer.',
    }));
}

/** A sample that no text has replaces nothing; and a default that the texts hold under another sample stays in them. */
function lintSamples(template: Template): readonly Finding[] {
  const texts = textsOf(template);
  const finding = (message: string, help: string): Finding => ({
    code: 'template-sample',
    level: 'error',
    message,
    file: 'template.yml',
    help,
  });
  return template.questions.flatMap((question) => {
    const { name, default: fallback } = question;
    const [sample] = Object.entries(template.samples).find(([, pattern]) => pattern === `{${name}}`) ?? [];
    if (sample === undefined || !template.own.questions.includes(name)) return [];
    if (typeof fallback === 'string' && fallback !== sample && holdsWord(texts, fallback)) {
      return finding(
        `Question "${name}": the files contain its default "${fallback}", not its sample "${sample}", so no answer changes them`,
        `Write the sample as it stands in the files: sample: ${fallback}`,
      );
    }
    if (texts.includes(sample)) return [];
    return finding(
      `Question "${name}": no file, path or line contains its sample "${sample}", so no answer changes them`,
      'Write the sample where the answer belongs, or remove it.',
    );
  });
}

function holdsWord(texts: string, word: string): boolean {
  return (
    word !== '' &&
    texts.split(word).some((before, index, all) => {
      const after = all[index + 1];
      return after !== undefined && !/[\w-]$/.test(before) && !/^[\w-]/.test(after);
    })
  );
}

/** The questions whose samples occur in a file, a path, or a line for files that parts share. */
function usedSamples(template: Template): readonly string[] {
  const texts = textsOf(template);
  return Object.entries(template.samples)
    .filter(([sample]) => texts.includes(sample))
    .map(([, pattern]) => pattern);
}

/** All that samples are replaced in. */
function textsOf(template: Template): string {
  const files = [...template.files, ...template.parts.flatMap((part) => part.files)];
  const adds = [template.adds, ...template.parts.map((part) => part.adds)];
  return [
    ...files.flatMap(({ path, read }) => [path, ...textOf(read)]),
    ...adds.flatMap((entry) => Object.values(entry).flat()),
    ...template.run.flat(),
  ].join('\n');
}

function textOf(read: TemplateFile['read']): readonly string[] {
  const content = read();
  return typeof content === 'string' ? [content] : [];
}

/** All that stands in tags, as one text. */
function tagsOf(template: Template): string {
  const files = [...template.files, ...template.parts.flatMap((part) => part.files)];
  return files
    .flatMap(({ read }) => textOf(read).flatMap((text) => text.split('\n')))
    .filter((line) => line.includes('@'))
    .join('\n');
}
