import { rejectedLines } from '../dialplan.ts';
import { withFiles } from '../examples.ts';
import type { Rule } from '../rule.ts';

const FILE = 'etc/asterisk/extensions_extra.d/acme-hello.conf';

export const DIALPLAN_RULES: readonly Rule[] = [
  {
    code: 'dialplan-rejected',
    level: 'error',
    area: 'dialplan',
    title: 'Asterisk throws a line of the dialplan away',
    why: 'It logs a warning and goes on without the line, and "dialplan reload" answers as if all were well; a broken section header can cost the whole dialplan.',
    source: 'Asterisk 22, dialplan reload',
    fix: 'Mend the line; wdev dialplan show tells what Asterisk makes of the file.',
    bad: withFiles({ [FILE]: '[acme-hello]\nexten = s,1,Answer(\nsame = n,Return()\n' }),
    good: withFiles({ [FILE]: '[acme-hello]\nexten = s,1,Answer()\nsame = n,Return()\n' }),
    check: rejectedLines,
  },
];
