import type { Finding } from '../findings/finding.ts';
import type { Subject } from './subject.ts';

/** `# wdev: ignore CODE reason`, with the comment sign of shell, YAML, Python (#) or Asterisk (;). */
const COMMENT = /(?:#|;|\/\/|<!--)\s*wdev:\s*ignore\s+([a-z][a-z0-9-]*)/;

/**
 * Whether a comment in the finding's file takes it back: on the same line, or on a comment line right above
 * it; in the first comment lines of the file it holds for the whole file.
 */
export function ignoredIn(subject: Subject, finding: Finding): boolean {
  const file = finding.file === undefined ? undefined : subject.files.get(finding.file);
  if (file === undefined || !file.text.includes('wdev:')) return false;
  const { lines } = file;
  const names = (line: string | undefined): boolean => COMMENT.exec(line ?? '')?.[1] === finding.code;
  const at = (finding.line ?? 1) - 1;
  if (names(lines[at])) return true;
  for (let above = at - 1; isComment(lines[above]); above -= 1) if (names(lines[above])) return true;
  for (let top = 0; isComment(lines[top]); top += 1) if (names(lines[top])) return true;
  return false;
}

function isComment(line: string | undefined): boolean {
  return line !== undefined && /^\s*(?:#|;|\/\/|<!--)/.test(line);
}
