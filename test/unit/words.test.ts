import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/support/paths.ts';

const root = packageRoot();
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** The second column of the list of words in CONTRIBUTING.md. */
const OLD = [...read('CONTRIBUTING.md').matchAll(/^ {2}\| [^|]+ \| +(“[^|]+)\|$/gm)].flatMap(
  ([, cell = '']) => [...cell.matchAll(/“([^”]+)”/g)].map(([, words = '']) => words),
);

/** The texts of a source that somebody reads: its strings, without comments and shell scripts. */
function textsOf(file: string): readonly string[] {
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest);
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      texts.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return texts;
}

/** The messages that a source throws as they stand in it, a value in them as …. */
function errorsOf(file: string): readonly string[] {
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest);
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const name = node.expression.getText(source);
      const message = node.arguments?.[['usageError', 'UserError'].indexOf(name)];
      if (message !== undefined && ts.isStringLiteralLike(message)) texts.push(message.text);
      if (message !== undefined && ts.isTemplateExpression(message))
        texts.push(
          [message.head.text, ...message.templateSpans.map(({ literal }) => literal.text)].join('…'),
        );
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return texts;
}

const files = (folder: string, ending: string): readonly string[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => path.join(folder, name));

/** Each file with the texts of it. */
const TEXTS: readonly (readonly [file: string, texts: readonly string[]])[] = [
  ...[...files('src', '.ts'), ...files('src', '.tsx')].map((file) => [file, textsOf(file)] as const),
  ...[
    'README.md',
    'SECURITY.md',
    ...files('src/guide/recipes', '.md'),
    ...files('src', '.schema.json'),
    ...['.md', '.yml', '.json'].flatMap((ending) => files('templates', ending)),
  ].map((file) => [file, [read(file)]] as const),
];

describe('plain English', () => {
  it('has a list of words, and texts to look through', () => {
    expect(OLD.length).toBeGreaterThan(15);
    expect(OLD).toContain('mend');
    expect(TEXTS.flatMap(([, texts]) => texts).length).toBeGreaterThan(5_000);
  });

  it.each(OLD)('has no “%s” in what people read', (words) => {
    // a line may end between two words
    const old = new RegExp(`(?<![\\w-])${words.replaceAll(' ', String.raw`\s+`)}\\b`, 'i');
    expect(TEXTS.filter(([, texts]) => texts.some((text) => old.test(text))).map(([file]) => file)).toEqual(
      [],
    );
  });

  it('has errors of one form: no stop at the end, no capital before but of a name', () => {
    const errors = files('src', '.ts').flatMap((file) => errorsOf(file).map((text) => ({ file, text })));
    expect(errors.length).toBeGreaterThan(200);
    const odd = errors.filter(
      ({ text }) =>
        /[^.]\.$/.test(text) || /^(?!Ansible|Asterisk|Debian|Graphviz|Python|Wazo)[A-Z][a-z]/.test(text),
    );
    expect(odd).toEqual([]);
  });

  it('begins no doc comment with “What”: a noun or a verb says it sooner', () => {
    const sources = ['src', 'generators', 'test'].flatMap((folder) =>
      ['.ts', '.tsx'].flatMap((ending) => files(folder, ending)),
    );
    expect(sources.length).toBeGreaterThan(1_000);
    expect(sources.filter((file) => /^\s*\/\*\*\s+(?:\*\s+)?What\b/m.test(read(file)))).toEqual([]);
    const python = files('templates', '.py');
    expect(python.length).toBeGreaterThan(100);
    expect(python.filter((file) => /"""What\b/.test(read(file)))).toEqual([]);
  });
});
