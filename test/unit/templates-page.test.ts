import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { manifestSchemaText, parseManifest } from '../../src/templates/manifest-text.ts';
import { VALIDATORS } from '../../src/answers/validators.ts';
import { packageRoot } from '../../src/support/paths.ts';

const PAGE = readFileSync(path.join(packageRoot(), 'templates/README.md'), 'utf8');
const BLOCKS = [...PAGE.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text);

interface Schema {
  readonly properties: object;
  readonly $defs: { readonly question: { readonly properties: object } };
}

it('templates/README.md shows every key of a manifest and of a question, in examples that are right', () => {
  const manifests = BLOCKS.map((text) => {
    const whole = text.includes('summary:') ? text : `title: x\nsummary: x\n${text}`;
    return parseManifest(whole, 'README.md').fields;
  });
  const shown = (key: string): boolean => manifests.some((fields) => key in fields);
  const schema = JSON.parse(manifestSchemaText()) as Schema;
  expect(Object.keys(schema.properties).filter((key) => !shown(key))).toEqual([]);
  const questions = manifests.flatMap((fields) => (fields['questions'] ?? []) as readonly object[]);
  const ofQuestions = Object.keys(schema.$defs.question.properties);
  expect(ofQuestions.filter((key) => !questions.some((question) => key in question))).toEqual([]);
  for (const question of questions) {
    const { valid } = question as { valid?: string };
    if (valid !== undefined) expect(Object.keys(VALIDATORS)).toContain(valid);
  }
});
