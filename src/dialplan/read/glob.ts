/** The wildcards of an `#include`: `*`, `?`, `[...]` and `{a,b}`, as glob(7) reads them. */

/** One expression for each alternative of the braces, in their order. A name with a leading dot must be named. */
export function globToRegExp(pattern: string): RegExp[] {
  return expandBraces(pattern).map((one) => new RegExp(`^${one.split('/').map(segment).join('/')}$`, 's'));
}

export function hasWildcard(text: string): boolean {
  return /[*?[{]/.test(text);
}

/** `a{b,c}d` → `abd`, `acd`; braces without a partner stay as they are. */
export function expandBraces(pattern: string): string[] {
  const open = pattern.indexOf('{');
  if (open < 0) return [pattern];
  const parts: string[] = [];
  let depth = 0;
  let start = open + 1;
  for (let at = open; at < pattern.length; at++) {
    const char = pattern[at];
    if (char === '{') depth++;
    else if (char === '}') depth--;
    if ((char === ',' && depth === 1) || (char === '}' && depth === 0)) {
      parts.push(pattern.slice(start, at));
      start = at + 1;
    }
    if (depth === 0) {
      const rest = pattern.slice(at + 1);
      return parts.flatMap((part) => expandBraces(pattern.slice(0, open) + part + rest));
    }
  }
  return [pattern];
}

function segment(text: string): string {
  let out = /^[*?[]/.test(text) ? '(?!\\.)' : '';
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '*') out += '[^/]*';
    else if (char === '?') out += '[^/]';
    else if (char === '\\' && at + 1 < text.length) out += literal(text.charAt(++at));
    else if (char === '[') {
      const end = text.indexOf(']', at + 2);
      if (end < 0) out += '\\[';
      else {
        out += bracket(text.slice(at + 1, end));
        at = end;
      }
    } else out += literal(char);
  }
  return out;
}

function bracket(inside: string): string {
  const negated = inside.startsWith('!') || inside.startsWith('^');
  const set = (negated ? inside.slice(1) : inside).replace(/[\\\]^]/g, '\\$&');
  return `[${negated ? '^/' : ''}${set}]`;
}

function literal(char: string): string {
  return char.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
