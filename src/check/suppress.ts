import type { Finding } from '../findings/finding.ts';
import type { SourceText } from '../readers/source-text.ts';
import type { Subject } from './subject.ts';

/** `# wdev: ignore CODE reason`, with the comment sign of shell, YAML, Python (#) or Asterisk (;). */
const COMMENT = /(?:#|;|\/\/|<!--)\s*wdev:\s*ignore\s+([a-z][a-z0-9-]*)/;

/**
 * Reports whether a comment in the finding's file takes it back: on the same line, or on a comment line right
 * above it; in the first comment lines of the file it holds for the whole file.
 */
export function ignoredIn(subject: Subject, finding: Finding): boolean {
  const file = finding.file === undefined ? undefined : subject.files.get(finding.file);
  if (file === undefined) return false;
  const { whole, byLine } = ignoresOf(file);
  if (byLine.size === 0) return false;
  if (whole.has(finding.code)) return true;
  const at = (finding.line ?? 1) - 1;
  if (byLine.get(at) === finding.code) return true;
  for (let above = at - 1; isComment(file.lines[above]); above -= 1)
    if (byLine.get(above) === finding.code) return true;
  return false;
}

interface Ignores {
  /** Codes that the whole file ignores. */
  readonly whole: ReadonlySet<string>;
  /** Codes by 0-based line. */
  readonly byLine: ReadonlyMap<number, string>;
}

/** A file is asked about once for each finding in it. */
const known = new WeakMap<SourceText, Ignores>();

function ignoresOf(file: SourceText): Ignores {
  const ignores = known.get(file) ?? readIgnores(file);
  known.set(file, ignores);
  return ignores;
}

function readIgnores({ text, lines }: SourceText): Ignores {
  const byLine = new Map<number, string>();
  const whole = new Set<string>();
  if (!text.includes('wdev:')) return { whole, byLine };
  let isTop = true;
  for (const [at, line] of lines.entries()) {
    isTop &&= isComment(line);
    const code = COMMENT.exec(line)?.[1];
    if (code === undefined) continue;
    byLine.set(at, code);
    if (isTop) whole.add(code);
  }
  return { whole, byLine };
}

function isComment(line: string | undefined): boolean {
  return line !== undefined && /^\s*(?:#|;|\/\/|<!--)/.test(line);
}
