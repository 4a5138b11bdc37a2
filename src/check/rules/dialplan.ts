import type { LintCode, LintedRejection } from '../../findings/catalogue.ts';
import { lintedDialplan } from '../dialplan.ts';
import { withFiles } from '../examples.ts';
import type { DialplanExample, Edit, Example, RuleCheck } from '../rule.ts';
import { CALL_EXAMPLES } from './dialplan-call-examples.ts';
import { LOAD_EXAMPLES } from './dialplan-load-examples.ts';

type DialplanCode = LintCode | LintedRejection;

/** Names that a Wazo version has no more. */
const ENGINE: ReadonlySet<DialplanCode> = new Set(['dialplan-gone-application', 'dialplan-xivo-variable']);

/** Where the examples lie in the sound plugin. */
const FILE = 'etc/asterisk/extensions_extra.d/acme-hello.conf';

export const DIALPLAN_EXAMPLES: Readonly<Record<DialplanCode, DialplanExample>> = {
  ...LOAD_EXAMPLES,
  ...CALL_EXAMPLES,
};

/** The findings of the dialplan linter, one rule for each. */
export const DIALPLAN_CHECKS = Object.fromEntries(
  (Object.keys(DIALPLAN_EXAMPLES) as DialplanCode[]).map((code) => [code, dialplanCheck(code)]),
) as Readonly<Record<DialplanCode, RuleCheck>>;

function dialplanCheck(code: DialplanCode): RuleCheck {
  const { bad, good } = DIALPLAN_EXAMPLES[code];
  return {
    area: 'dialplan',
    ...(ENGINE.has(code) ? { compat: 'engine' } : {}),
    bad: badFile(code, bad),
    good: withFiles({ [FILE]: good }, good.trimEnd()),
    check: (subject) =>
      lintedDialplan(subject)
        .filter((finding) => finding.code === code)
        .map(({ message, level, file = FILE, line, column, help }) => {
          const text = subject.files.get(file)?.text;
          const fix = code === 'dialplan-unknown-addition' ? withoutAddition(file, text, line) : undefined;
          return { message: withoutFullStop(message), level, file, line, column, help, fix };
        }),
  };
}

/** Sections of one name add up, so the plain header does what was meant; with a template beside the + it is left. */
function withoutAddition(file: string, text = '', line = 0): readonly Edit[] | undefined {
  const lines = text.split('\n');
  const match = /^(\s*\[[^\]]+\])\s*\(\s*\+\s*\)/.exec(lines[line - 1] ?? '');
  if (match === null) return undefined;
  const begin = lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0);
  return [{ file, start: begin + (match[1] ?? '').length, end: begin + match[0].length, text: '' }];
}

function withoutFullStop(message: string): string {
  let end = message.length;
  while (message[end - 1] === '.') end -= 1;
  return message.slice(0, end);
}

/** The one rule that is about a file's name has its example under another one. */
function badFile(code: DialplanCode, text: string): Example {
  return code === 'dialplan-backup-file'
    ? withFiles({ [`${FILE}.bak`]: text }, `# ${FILE}.bak`)
    : withFiles({ [FILE]: text }, text.trimEnd());
}
