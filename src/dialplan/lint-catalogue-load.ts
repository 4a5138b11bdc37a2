import type { Level } from '../support/finding.ts';
import { REJECTION_LEVELS } from './finding-codes.ts';
import type { RejectionCode } from './rejection-table.ts';

const rule = (
  code: RejectionCode,
  sentence: string,
  help: string,
  explanation: string,
  bad: string,
  good: string,
): {
  code: RejectionCode;
  level: Level;
  sentence: string;
  help: string;
  explanation: string;
  bad: string;
  good: string;
} => ({
  code,
  level: REJECTION_LEVELS[code] ?? 'error',
  sentence,
  help,
  explanation,
  bad: `${bad}\n`,
  good: `${good}\n`,
});

const STOPS =
  'Asterisk stops reading the file here, and reads none of the files that come after it in the same #include. It goes on with the rest of the dialplan, still prints "Dialplan reloaded." and exits 0.';
const LOST = 'Asterisk drops this line and goes on. "Dialplan reloaded." is printed all the same.';

/** What Asterisk refuses when it loads; the sentence is ours, the finding carries Asterisk's own words. */
export const LOAD_RULES = [
  rule(
    'dialplan-no-equals',
    'The line is neither a section, a comment nor NAME = VALUE.',
    'Write exten = …, or put a ; in front.',
    LOST,
    '[acme]\nexten s,1,NoOp',
    '[acme]\nexten = s,1,NoOp',
  ),
  rule(
    'dialplan-no-name',
    'Nothing stands before the =.',
    'Write a name, such as exten or same.',
    LOST,
    '[acme]\n= s,1,NoOp',
    '[acme]\nexten = s,1,NoOp',
  ),
  rule(
    'dialplan-unclosed-section',
    'The name of a section is not closed by ].',
    'Close it: [name].',
    STOPS,
    '[acme\nexten = s,1,NoOp',
    '[acme]\nexten = s,1,NoOp',
  ),
  rule(
    'dialplan-unclosed-options',
    'The options of a section are not closed by ).',
    'Close them: [name](!).',
    STOPS,
    '[acme](!\nexten = s,1,NoOp',
    '[acme](!)\nexten = s,1,NoOp',
  ),
  rule(
    'dialplan-unknown-addition',
    'A section is added to with (+) before it exists.',
    'Repeat the plain header: sections of one name add up.',
    `${STOPS} Files are read in the order of their names, and Wazo reads its own library after all plugins.`,
    '[xivo-extrafeatures](+)\nexten = *42,1,Hangup()',
    '[xivo-extrafeatures]\nexten = *42,1,Hangup()',
  ),
  rule(
    'dialplan-unknown-template',
    'A section inherits from one that does not exist yet.',
    'Define the template above, in the same file.',
    STOPS,
    '[acme](acme-base)\nexten = s,1,NoOp',
    '[acme-base](!)\nexten = s,1,NoOp\n[acme](acme-base)',
  ),
  rule(
    'dialplan-unknown-hash',
    'Asterisk knows no such # directive.',
    'Use #include, #tryinclude or #exec; comments begin with a semicolon.',
    'The line is passed over.',
    '# a comment\n[acme]',
    '; a comment\n[acme]',
  ),
  rule(
    'dialplan-empty-include',
    '#include has no file name.',
    'Name a file, or remove the line.',
    'The line is passed over.',
    '#include\n[acme]',
    '[acme]',
  ),
  rule(
    'dialplan-missing-file',
    'An included file does not exist.',
    'Ship the file, or use #tryinclude.',
    STOPS,
    '[acme]\n#include acme/missing.conf',
    '[acme]\n#tryinclude acme/missing.conf',
  ),
  rule(
    'dialplan-unclosed-comment',
    'A block comment is not closed, or a --; closes one that was never opened.',
    'Pair every ;-- with a --;.',
    'Asterisk swallows all lines up to the next end of a block, into the files that follow in the same #include.',
    '[acme]\n;-- notes\nexten = s,1,NoOp',
    '[acme]\n;-- notes --;\nexten = s,1,NoOp',
  ),
  rule(
    'dialplan-unknown-directive',
    'A context knows no such keyword.',
    'Use exten, same, include, ignorepat, switch, lswitch, eswitch or autohints.',
    LOST,
    '[acme]\nextension = s,1,NoOp',
    '[acme]\nexten = s,1,NoOp',
  ),
  rule(
    'dialplan-bad-number',
    'A priority must be 1 or more.',
    'Count from 1, and go on with n.',
    LOST,
    '[acme]\nexten = s,0,NoOp',
    '[acme]\nexten = s,1,NoOp',
  ),
  rule(
    'dialplan-bad-priority',
    'The priority is neither a number, n, hint nor a label of this extension.',
    'Use a number or n; put labels in parentheses: n(label).',
    LOST,
    '[acme]\nexten = s,1,NoOp\nsame = start,NoOp',
    '[acme]\nexten = s,1,NoOp\nsame = n(start),NoOp',
  ),
  rule(
    'dialplan-unclosed-label',
    'A label is not closed by ).',
    'Close it: n(label).',
    LOST,
    '[acme]\nexten = s,1(start,NoOp',
    '[acme]\nexten = s,1(start),NoOp',
  ),
  rule(
    'dialplan-unclosed-application',
    'The arguments of an application are not closed by ).',
    'Close them; a ; begins a comment, write \\; for one in the arguments.',
    'Asterisk keeps the line with what it found, which is often cut short.',
    '[acme]\nexten = s,1,Verbose(a;b)',
    '[acme]\nexten = s,1,Verbose(a\\;b)',
  ),
  rule(
    'dialplan-first-next',
    'The first priority of a section cannot be n.',
    'Begin with a number.',
    `${LOST} Asterisk counts anew in each section, also when an earlier one has the same name.`,
    '[acme]\nexten = s,n,NoOp',
    '[acme]\nexten = s,1,NoOp',
  ),
  rule(
    'dialplan-same-without-extension',
    'same has no extension before it in this section.',
    'Begin with exten.',
    LOST,
    '[acme]\nsame = n,NoOp',
    '[acme]\nexten = s,1,NoOp\nsame = n,NoOp',
  ),
  rule(
    'dialplan-duplicate-priority',
    'This priority of the extension is taken.',
    'Use n, or another context of your own.',
    `${LOST} The line that came first wins, in whatever file it is.`,
    '[acme]\nexten = s,1,NoOp(a)\nexten = s,1,NoOp(b)',
    '[acme]\nexten = s,1,NoOp(a)\nexten = s,n,NoOp(b)',
  ),
  rule(
    'dialplan-aliased-extension',
    'Another spelling of this extension has that priority.',
    'Dashes and the order in brackets make no difference: spell it once.',
    LOST,
    '[acme]\nexten = 1-2,1,NoOp\nexten = 12,1,NoOp',
    '[acme]\nexten = 1-2,1,NoOp',
  ),
  rule(
    'dialplan-duplicate-label',
    'The label is in use in this extension.',
    'Use another label.',
    'The priority is kept, without its label: jumps go to the first one.',
    '[acme]\nexten = s,1(a),NoOp\nsame = n(a),NoOp',
    '[acme]\nexten = s,1(a),NoOp\nsame = n(b),NoOp',
  ),
  rule(
    'dialplan-empty-extension',
    'The extension has no name.',
    'Write one; a global variable that is not set gives an empty text.',
    LOST,
    '[acme]\nexten = ,1,NoOp',
    '[acme]\nexten = s,1,NoOp',
  ),
  rule(
    'dialplan-greedy-pattern',
    'The pattern matches everything, also s, i, t and h.',
    'Use _X. or _X!.',
    'Asterisk looks for the special extensions by name, and this pattern catches them.',
    '[acme]\nexten = _.,1,NoOp',
    '[acme]\nexten = _X.,1,NoOp',
  ),
  rule(
    'dialplan-include-twice',
    'The context is included twice.',
    'Remove one of them.',
    'The second one is dropped.',
    '[acme]\ninclude = acme-b\ninclude = acme-b\n[acme-b]',
    '[acme]\ninclude = acme-b\n[acme-b]',
  ),
  rule(
    'dialplan-unknown-include',
    'An included context does not exist.',
    'Check the name, or ship the context.',
    'Nothing is found there; a call that needs it fails.',
    '[acme]\ninclude = acme-b',
    '[acme]\ninclude = acme-b\n[acme-b]',
  ),
  rule(
    'dialplan-include-overflow',
    'A label is looked up that is not there, in a context with includes.',
    'Use numbers or n for priorities; put labels in parentheses.',
    'Asterisk 22 then searches the same includes over and over: it logs thousands of lines, and with several includes the reload does not end.',
    '[acme]\ninclude = acme-b\nexten = s,start,NoOp\n[acme-b]',
    '[acme]\ninclude = acme-b\nexten = s,1(start),NoOp\n[acme-b]',
  ),
  rule(
    'dialplan-bad-time-part',
    'A part of the times of an include is not understood.',
    'Write mon to sun, 1 to 31, jan to dec, joined by - or &.',
    'Asterisk leaves that part out, so the include counts at other times than meant.',
    '[acme]\ninclude = acme-b,09:00-17:00,monday-friday,*,*\n[acme-b]',
    '[acme]\ninclude = acme-b,09:00-17:00,mon-fri,*,*\n[acme-b]',
  ),
  rule(
    'dialplan-bad-start-time',
    'A time of an include is not understood.',
    'Write HH:MM-HH:MM.',
    'Asterisk leaves it out, so the include counts at other times than meant.',
    '[acme]\ninclude = acme-b,9-17,*,*,*\n[acme-b]',
    '[acme]\ninclude = acme-b,09:00-17:00,*,*,*\n[acme-b]',
  ),
] as const;
