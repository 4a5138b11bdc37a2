import { CATALOGUE as LINT_CATALOGUE, type DialplanRule } from '../../dialplan/lint/lint-catalogue.ts';
import { lintedDialplan } from '../dialplan.ts';
import { withFiles } from '../examples.ts';
import type { Rule } from '../rule.ts';

/** Where the examples of the linter lie in the sound plugin. */
const FILE = 'etc/asterisk/extensions_extra.d/acme-hello.conf';

/** The one rule that is about a file's name. */
const BACKUP = 'dialplan-backup-file';

/** The rules of the dialplan linter, one for one: they are written, and explained, in src/dialplan. */
export const DIALPLAN_RULES: readonly Rule[] = [...LINT_CATALOGUE.values()].map(fromLinter);

function fromLinter({ code, level, sentence, help, explanation, bad, good, source }: DialplanRule): Rule {
  return {
    code,
    level,
    area: 'dialplan',
    title: sentence.replaceAll(/\{\w+\}/g, '…').replace(/\.$/, ''),
    why: explanation,
    source: source ?? 'Asterisk 22, pbx_config',
    fix: help,
    bad:
      code === BACKUP
        ? withFiles({ [`${FILE}.bak`]: bad }, `# ${FILE}.bak`)
        : withFiles({ [FILE]: bad }, bad.trimEnd()),
    good: withFiles({ [FILE]: good }, good.trimEnd()),
    check: (subject) =>
      lintedDialplan(subject)
        .filter((finding) => finding.code === code)
        .map(({ message, level, file = FILE, line, column, help }) => {
          return { message: message.replace(/\.+$/, ''), level, file, line, column, help };
        }),
  };
}
