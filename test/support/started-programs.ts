/** Which programs a source starts, as far as they stand in it as words: read from its syntax. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** Functions and classes that start what their first argument names. */
const STARTS = new Set([
  'run',
  'runLines',
  'runToEnd',
  'runInForeground',
  'spawn',
  'spawnSync',
  'execa',
  'LineProcess',
  'askInterpreter',
  'runPlugin',
  'startPlugin',
  'preparePlugin',
]);
const WORD = /^[a-z][a-z0-9.+-]*$/;

interface Source {
  readonly file: string;
  readonly tree: ts.SourceFile;
}

const sources = new Map<string, Source>();

function sourceOf(file: string): Source {
  const known = sources.get(file);
  if (known !== undefined) return known;
  const tree = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2023, true);
  const source = { file, tree };
  sources.set(file, source);
  return source;
}

/** Programs that start the one that stands behind them. */
const WRAPPERS = new Set(['sh', 'nsenter', 'setpriv', 'env', 'fakeroot']);

/** The programs that a file starts itself, or names as the `argv` of a shell, sorted. */
export function startedPrograms(file: string): readonly string[] {
  const source = sourceOf(file);
  const found = new Set<string>();
  each(source.tree, (node) => {
    if (ts.isPropertyAssignment(node) && node.name.getText() === 'argv')
      for (const word of words(node.initializer, source, new Set())) found.add(word);
    const called =
      ts.isCallExpression(node) || ts.isNewExpression(node) ? nameOf(node.expression) : undefined;
    const [first, second] =
      ts.isCallExpression(node) || ts.isNewExpression(node) ? (node.arguments ?? []) : [];
    if (called === undefined || first === undefined || !STARTS.has(called)) return;
    const own = words(first, source, new Set());
    for (const word of own) found.add(word);
    if (second !== undefined && ts.isArrayLiteralExpression(second))
      for (const word of behind(own, second, source, new Set())) found.add(word);
  });
  return [...found].sort();
}

function each(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  node.forEachChild((child) => each(child, visit));
}

function nameOf(node: ts.Expression): string | undefined {
  if (ts.isIdentifier(node)) return node.text;
  return ts.isPropertyAccessExpression(node) ? node.name.text : undefined;
}

/** The words in which a command, or what is spread into one, begins. */
function words(node: ts.Node, source: Source, seen: Set<ts.Node>): readonly string[] {
  if (seen.has(node)) return [];
  seen.add(node);
  const into = (other: ts.Node | undefined, of = source): readonly string[] =>
    other === undefined ? [] : words(other, of, seen);
  if (ts.isStringLiteral(node)) return WORD.test(node.text) ? [node.text] : [];
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isAwaitExpression(node))
    return into(node.expression);
  if (ts.isSpreadElement(node)) return into(node.expression);
  if (ts.isConditionalExpression(node)) return [...into(node.whenTrue), ...into(node.whenFalse)];
  if (ts.isBinaryExpression(node)) return [...into(node.left), ...into(node.right)];
  if (ts.isArrayLiteralExpression(node)) {
    const [first, second] = node.elements;
    const own = into(first);
    // a wrapper may be none, and the program stands behind it
    const bare =
      first !== undefined && ts.isSpreadElement(first) && second !== undefined && ts.isStringLiteral(second)
        ? into(second)
        : [];
    return [...own, ...bare, ...behind(own, node, source, seen)];
  }
  if (ts.isObjectLiteralExpression(node))
    return node.properties.flatMap((property) =>
      ts.isPropertyAssignment(property) && ['argv', 'command'].includes(property.name.getText())
        ? into(property.initializer)
        : [],
    );
  if (ts.isCallExpression(node))
    return [
      ...returned(node.expression, source, seen),
      ...node.arguments
        .filter((one) => ts.isArrayLiteralExpression(one) || ts.isCallExpression(one))
        .flatMap((one) => into(one)),
    ];
  if (ts.isIdentifier(node)) return declared(node, source, seen);
  return [];
}

/** The program that a wrapper starts: it is spread into its arguments. */
function behind(
  own: readonly string[],
  args: ts.ArrayLiteralExpression,
  source: Source,
  seen: Set<ts.Node>,
): readonly string[] {
  if (!own.some((word) => WRAPPERS.has(word))) return [];
  return args.elements.filter(ts.isSpreadElement).flatMap((spread) => words(spread, source, seen));
}

/** The value that the function of a call returns. */
function returned(called: ts.Expression, source: Source, seen: Set<ts.Node>): readonly string[] {
  if (!ts.isIdentifier(called)) return [];
  const at = definition(called.text, source);
  if (at === undefined) return [];
  const found: string[] = [];
  const { node } = at;
  const body = ts.isFunctionDeclaration(node)
    ? node.body
    : ts.isVariableDeclaration(node) && node.initializer && ts.isArrowFunction(node.initializer)
      ? node.initializer.body
      : undefined;
  if (body === undefined) return [];
  if (!ts.isBlock(body)) return words(body, at.source, seen);
  each(body, (inner) => {
    if (ts.isReturnStatement(inner) && inner.expression !== undefined)
      found.push(...words(inner.expression, at.source, seen));
  });
  return found;
}

/** The value of a name: a constant, or a parameter, by what the calls in this file give for it. */
function declared(name: ts.Identifier, source: Source, seen: Set<ts.Node>): readonly string[] {
  for (let scope: ts.Node | undefined = name.parent; scope !== undefined; scope = scope.parent) {
    if (!ts.isFunctionLike(scope)) continue;
    const index = scope.parameters.findIndex(({ name: own }) => own.getText() === name.text);
    if (index < 0) continue;
    const of = scope.name?.getText() ?? '';
    const found: string[] = [];
    each(source.tree, (node) => {
      if (!ts.isCallExpression(node) || nameOf(node.expression) !== of) return;
      const given = node.arguments[index];
      if (given !== undefined) found.push(...words(given, source, seen));
    });
    return found;
  }
  const at = definition(name.text, source);
  if (at === undefined || !ts.isVariableDeclaration(at.node) || at.node.initializer === undefined) return [];
  return words(at.node.initializer, at.source, seen);
}

/** Where a function or a constant of this name is, here or in the file that it is imported from. */
function definition(
  name: string,
  source: Source,
): { readonly node: ts.Node; readonly source: Source } | undefined {
  let found: ts.Node | undefined;
  let from: string | undefined;
  each(source.tree, (node) => {
    if ((ts.isFunctionDeclaration(node) || ts.isVariableDeclaration(node)) && node.name?.getText() === name)
      found ??= node;
    if (ts.isImportDeclaration(node) && node.importClause?.namedBindings?.getText().match(`\\b${name}\\b`))
      from = (node.moduleSpecifier as ts.StringLiteral).text;
  });
  if (found !== undefined) return { node: found, source };
  if (from?.startsWith('.') !== true) return undefined;
  const file = path.resolve(path.dirname(source.file), from);
  return existsSync(file) ? definition(name, sourceOf(file)) : undefined;
}
