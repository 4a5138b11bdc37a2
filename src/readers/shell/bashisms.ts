import { forEachChild, type Command, type ParsedScript, type SyntaxNode } from 'unbash';

/** Something that bash has and Debian's `sh` (dash) has not. */
export interface Bashism {
  /** As a sentence calls it. */
  readonly what: string;
  /** The form of `sh` in its place. */
  readonly instead: string;
  readonly start: number;
}

const NODES: Readonly<Record<string, readonly [string, string]>> = {
  TestCommand: ['[[ … ]]', 'use [ … ] or case'],
  ArithmeticCommand: ['(( … ))', 'use [ $((…)) -ne 0 ]'],
  ArithmeticFor: ['for ((…))', 'use a while loop'],
  Select: ['select', 'use read and case'],
  Coproc: ['coproc', 'use a named pipe'],
  ArrayValue: ['an array', 'use set -- and "$@"'],
  HereString: ['<<<', 'use a pipe or a here-document'],
  ProcessSubstitution: ['<(…)', 'use a temporary file or a pipe'],
  ExtendedGlob: ['an extended pattern', 'use case or find'],
  AnsiCQuoted: ["$'…'", 'use printf'],
  LocaleString: ['$"…"', 'use "…"'],
  BraceExpansion: ['{a,b}', 'write the words out; sh takes the braces as they stand'],
};

const PROGRAMS: Readonly<Record<string, string>> = {
  source: 'use . FILE',
  pushd: 'use cd in ( … )',
  popd: 'use cd in ( … )',
  declare: 'leave it out',
  typeset: 'leave it out',
  let: 'use $((…))',
  shopt: 'leave it out',
  mapfile: 'use while read',
  readarray: 'use while read',
  disown: 'leave it out',
};

const OPERATIONS: Readonly<Record<string, string>> = {
  Replace: '${x/a/b}',
  Slice: '${x:0:1}',
  CaseModification: '${x^^}',
  Transform: '${x@Q}',
  Names: '${!x*}',
};

/** Finds what dash refuses or understands otherwise. Source: dash(1), POSIX shell language. */
export function findBashisms(script: ParsedScript, source: string): readonly Bashism[] {
  const found: Bashism[] = [];
  const visit = (node: SyntaxNode): void => {
    const bashism = ofNode(node, source);
    if (bashism !== undefined) found.push({ ...bashism, start: node.pos });
    forEachChild(node, visit);
  };
  visit(script);
  return found;
}

function ofNode(node: SyntaxNode, source: string): Omit<Bashism, 'start'> | undefined {
  const known = NODES[node.type];
  if (known !== undefined) return { what: known[0], instead: known[1] };
  switch (node.type) {
    case 'Function':
      return /^function\b/.test(source.slice(node.pos, node.end))
        ? { what: 'function NAME', instead: 'write NAME() { … }' }
        : undefined;
    case 'Redirect':
      if (node.operator === '&>' || node.operator === '&>>')
        return { what: node.operator, instead: 'use >FILE 2>&1' };
      return undefined;
    case 'Pipeline':
      return node.operators.includes('|&') ? { what: '|&', instead: 'use 2>&1 |' } : undefined;
    case 'Assignment':
      return node.append === true ? { what: '+=', instead: 'write x="$x…"' } : undefined;
    case 'CaseItem':
      return node.terminator === ';&' || node.terminator === ';;&'
        ? { what: node.terminator, instead: 'repeat the commands' }
        : undefined;
    case 'ParameterExpansion':
      return ofExpansion(node.operation?.type, node.prefix, node.parameter);
    case 'SimpleExpansion':
      return ofExpansion(undefined, undefined, node.text.slice(1));
    case 'Command':
      return ofCommand(node);
    default:
      return undefined;
  }
}

function ofExpansion(
  operation: string | undefined,
  prefix: string | undefined,
  parameter: string,
): Omit<Bashism, 'start'> | undefined {
  const known = operation === undefined ? undefined : OPERATIONS[operation];
  if (known !== undefined) return { what: known, instead: 'use sed, cut or tr' };
  if (prefix === '!') return { what: '${!x}', instead: 'use eval with care, or case' };
  if (/^(?:RANDOM|BASH_SOURCE|BASHPID|FUNCNAME|PIPESTATUS)$/.test(parameter))
    return { what: `$${parameter}`, instead: 'sh has no such variable' };
  return undefined;
}

function ofCommand(node: Command): Omit<Bashism, 'start'> | undefined {
  const name = node.name?.value ?? '';
  const instead = PROGRAMS[name];
  if (instead !== undefined) return { what: name, instead };
  const words = node.args.map((word) => word.text);
  if ((name === '[' || name === 'test') && words.includes('=='))
    return { what: '== in [ … ]', instead: 'use =' };
  if (name === 'set' && words.includes('pipefail'))
    return { what: 'set -o pipefail', instead: 'leave it out, or use #!/bin/bash' };
  if (name === 'local' && words.some((word) => word.startsWith('-')))
    return { what: 'local with options', instead: 'use local NAME' };
  if (name === 'read' && words.some((word) => /^-[A-Za-z]*[adnNstu]/.test(word)))
    return { what: `read ${words[0] ?? ''}`, instead: 'use read -r NAME' };
  if (name === 'trap' && words.includes('ERR')) return { what: 'trap … ERR', instead: 'use trap … EXIT' };
  return undefined;
}
