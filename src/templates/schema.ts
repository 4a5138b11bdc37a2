/** The JSON Schema of a template's answers, as `--answers` takes them. Pure. */

import { textOf, type Question } from '../answers/question.ts';
import type { Template } from './template.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Draft 2020-12. Conditions and validators are said in the descriptions: they are checked by `wdev new`. */
export function answersSchema(template: Template): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `Answers for ${template.name}`,
    description: template.summary,
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(
      template.questions.map((question) => [question.name, propertyOf(question)]),
    ),
    required: template.questions.filter(isRequired).map((question) => question.name),
  };
}

/** Questions that have no default and are always asked. */
function isRequired(question: Question): boolean {
  return question.default === undefined && question.when === undefined;
}

function propertyOf(question: Question): JsonSchema {
  const values = question.choices?.map((choice) => choice.value);
  return {
    description: [question.message, ...conditionText(question)].join('; '),
    ...typeOf(question, values),
    // defaults with places are filled from other answers
    ...(question.default === undefined || String(question.default).includes('{')
      ? {}
      : { default: question.default }),
  };
}

function typeOf(question: Question, values: readonly string[] | undefined): JsonSchema {
  if (question.type === 'confirm') return { type: 'boolean' };
  if (question.type === 'list') return { enum: values };
  if (question.type === 'input') return { type: 'string' };
  return { type: 'array', items: { enum: values }, minItems: 1, uniqueItems: true };
}

function conditionText(question: Question): readonly string[] {
  const entries = Object.entries(question.when ?? {}).filter(([name]) => name !== 'not');
  return entries.map(([name, wanted]) => `only with ${name} ${textOf(wanted)}`);
}
