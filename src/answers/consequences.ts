/** The consequences of answers: the names that conditions, defaults, samples and tags can use beside them. Pure. */

import { nameForms } from '../wazo/names.ts';
import { generatedFileConsequences } from './generated-file.ts';
import type { Form } from './form.ts';
import { fillDefault, type Answer, type Answers, type Question } from './question.ts';

/** The answers, and with them names in all cases, what chosen values set, lookups, and `traits` of the parts. */
export function withConsequences(form: Form, answers: Answers): Answers {
  const values: Record<string, Answer> = { ...answers, ...nameConsequences(answers) };
  for (const question of setters(form)) {
    const choice = question.choices?.find(({ value }) => value === answers[question.name]);
    for (const [key, pattern] of Object.entries(choice?.sets ?? {}))
      values[key] = fillDefault(pattern, values);
  }
  for (const [name, { key, values: table, otherwise }] of Object.entries(form.lookups)) {
    values[name] = fillDefault(table[fillDefault(key, values)] ?? otherwise, values);
  }
  const chosen = answers['parts'];
  const parts = form.parts.filter((part) => Array.isArray(chosen) && chosen.includes(part.name));
  values['traits'] = [form.adds, ...parts.map((part) => part.adds)].flatMap((adds) => adds.traits);
  return values;
}

const known = new WeakMap<Form, readonly Question[]>();

/** The questions of which a choice sets something: few, and asked for after each answer. */
function setters(form: Form): readonly Question[] {
  const found =
    known.get(form) ??
    form.questions.filter(({ choices }) => choices?.some(({ sets }) => sets !== undefined) === true);
  known.set(form, found);
  return found;
}

/** From so many letters on, an import of one of its modules is longer than a line may be, and cannot be broken. */
const LONG = 49;

/** Asterisk cuts names of contexts to 79 letters, and those of a plugin have a word behind its name. */
const TOO_LONG = 65;

function namesOf(namespace: string, name: string): Record<string, Answer> {
  const forms = nameForms(namespace, name);
  const { length } = forms.kebab;
  return { ...forms, hasLongNames: length >= LONG, hasTooLongNames: length >= TOO_LONG };
}

function nameConsequences(answers: Answers): Record<string, Answer> {
  const { namespace, name, resource, filename, depends, minWazoVersion, maxWazoVersion, subdirectory } =
    answers;
  return {
    ...(typeof namespace === 'string' && typeof name === 'string' ? namesOf(namespace, name) : {}),
    ...(typeof name === 'string' ? { underscored: name.replaceAll('-', '_') } : {}),
    ...(typeof filename === 'string'
      ? generatedFileConsequences({ resource: String(resource), filename })
      : {}),
    // what tools read at the root of a repository alone does nothing below it
    isWholeRepository: (subdirectory ?? '') === '',
    versionedDepends: typeof depends === 'string' && depends.includes('='),
    dependsOnItself: String(depends)
      .split(',')
      .some((entry) => entry.trim().split('=')[0] === `${String(namespace)}/${String(name)}`),
    // wazo-plugind compares them as texts
    crossedBounds:
      Boolean(minWazoVersion && maxWazoVersion) && String(minWazoVersion) > String(maxWazoVersion),
  };
}
