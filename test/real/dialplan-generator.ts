import * as fc from 'fast-check';
import type { Files } from './dialplan-stack.ts';

/**
 * Dialplans made at random: mostly right, with every kind of mistake in between. Left out is what breaks Asterisk
 * 22.10 itself: a section that adds itself to itself, `[a](+,a)`, takes all the memory of the machine, and an empty
 * set in a pattern, `_[9-7]0`, makes it die at the next reload when a label was looked up in that context.
 */

const word = fc.constantFrom('a', 'b', 'c', 'start', 'end', 'Lab', 'x1');

const digit = fc.constantFrom(...'0123456789*#'.split(''));
const patternPart = fc.oneof(
  { weight: 6, arbitrary: digit },
  { weight: 6, arbitrary: fc.constantFrom('X', 'Z', 'N', 'x', 'z', 'n') },
  {
    weight: 3,
    arbitrary: fc.constantFrom('[1-5]', '[135]', '[2-46]', '[a-c]', '[3]', '[531]', '[A-Ca]'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('.', '!', '-', 'a', 'B', '+', '[', ']', '[1-', '[-5]', '[5-]', ' '),
  },
);
const number = fc
  .array(fc.oneof({ weight: 8, arbitrary: digit }, { weight: 1, arbitrary: fc.constantFrom('-', ' ') }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((parts) => parts.join(''));
const pattern = fc
  .tuple(fc.array(patternPart, { minLength: 1, maxLength: 4 }), fc.constantFrom('', '', '.', '!'))
  .map(([parts, end]) => `_${parts.join('')}${end}`);
const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('s', 's', 's', 'i', 't', 'h', 'abc', '***42', 'a-b', 'é') },
  { weight: 4, arbitrary: number },
  { weight: 4, arbitrary: pattern },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      '${FOO}',
      '${NOPE}1',
      '1${FOO:1}',
      '${FOO:0:-1}',
      'a b',
      '"q"',
      'x\\,y',
      '[a,b]',
    ),
  },
);
const caller = fc.oneof(
  { weight: 10, arbitrary: fc.constant('') },
  { weight: 2, arbitrary: fc.oneof(number, pattern).map((id) => `/${id}`) },
  { weight: 1, arbitrary: fc.constantFrom('/', '/ 1-2', '/${FOO}', '/1/2') },
);
const extension = fc.tuple(name, caller).map(([exten, id]) => exten + id);
const priority = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom('1', '1', '1', '2', '3', 'n', 'n', 'n', 'n', 'n') },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom('n', '1', '2', 'n+2', 's', 'hint'), word)
      .map(([text, label]) => `${text}(${label})`),
  },
  { weight: 2, arbitrary: fc.constantFrom('hint', 'n+1', 'n+3', 'same', 's+1', 'next', '5+5') },
  { weight: 2, arbitrary: word },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '0',
      '-1',
      'x',
      '',
      ' ',
      'n(',
      'n(a',
      'n()',
      '1x',
      '007',
      'N',
      '4294967297',
      'n(a)+2',
      'end+1',
      '1 2',
      'n (a)',
    ),
  },
);
const data = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      '',
      'x',
      '${EXTEN}',
      'a,b,c',
      '${CALLERID(num)}',
      '$[1 + 1]',
      'a(b)c',
      '"quoted, text"',
      ' blanks ',
      'é',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'a\\;b',
      'a;b',
      '(',
      ')',
      '))',
      'a;--b--;c',
      'x=y',
      'a\\,b',
      '\\',
      '\t',
      'x'.repeat(60),
      'y'.repeat(1100),
    ),
  },
);
const application = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .tuple(fc.constantFrom('NoOp', 'Answer', 'Set', 'Dial', 'Goto', 'noop', 'Unknown'), data)
      .map(([app, args]) => `${app}(${args})`),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom('Hangup', 'NoOp', 'Return()', '', ' ', 'SIP/x', 'PJSIP/a&PJSIP/b'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'NoOp(',
      'NoOp)',
      'NoOp(x',
      '(x)',
      'NoOp (x) y',
      'NoOp,x',
      'NoOp|x|y',
      'NoOp(x))',
    ),
  },
);
const arrow = fc.constantFrom(' => ', ' = ', '=>', '=', '  =>\t');
const exten = fc
  .tuple(
    fc.constantFrom('exten', 'exten', 'exten', 'exten', 'Exten'),
    arrow,
    extension,
    priority,
    application,
  )
  .map(([keyword, sign, ext, pri, app]) => `${keyword}${sign}${ext},${pri},${app}`);
const same = fc.tuple(arrow, priority, application).map(([sign, pri, app]) => `same${sign}${pri},${app}`);

const times = fc.constantFrom(
  '',
  '',
  '',
  ',*,*,*,*',
  ',9:00-17:00,mon-fri,*,*',
  '|9:00-17:00|sat&sun|*|*',
  ',25:00-1:00,*,*,*',
  ',*,mon-xyz,*,*',
  ',*,*,0,*',
  ',*,*,1-31,jan-foo',
  ',9:00,*,*,*',
  ',,,',
);
const contextName = fc.constantFrom('A', 'B', 'C', 'D');
const include = fc
  .tuple(arrow, contextName, times)
  .map(([sign, context, when]) => `include${sign}@${context}${when}`);
const header = fc
  .tuple(
    contextName,
    fc.constantFrom(
      '',
      '',
      '',
      '',
      '',
      '',
      '',
      '(!)',
      '(+)',
      '(@A)',
      '(@B,@C)',
      '(!,@A)',
      ' ; comment',
      '()',
      '(nope)',
      '(',
      '(@A',
    ),
  )
  .map(([context, options]) => `[@${context}]${options}`);
const other = fc.constantFrom(
  '',
  '',
  '; comment',
  '   ; comment',
  ';-- block',
  '--;',
  ';-- one line --;',
  'garbage',
  'foo = bar',
  'exten',
  '=',
  '= x',
  'exten =',
  'exten => ',
  'exten => s',
  'exten => s,',
  'exten => s,1',
  'exten += x',
  'same += ,y',
  'ignorepat => 9',
  'ignorepat => _9X',
  'switch => Loopback/x',
  'lswitch => Loopback/${FOO}',
  'eswitch => Realtime/x',
  'switch => Realtime',
  'autohints = yes',
  'autohints = no',
  '#foo',
  '#',
  '#include',
  '#tryinclude more/nope',
  '[',
  '[@A',
  '[]',
  '[@a]',
  'include => @nope',
  'include => ',
  'INCLUDE => @B',
  '\uFEFF',
  '\t',
  'exten => s,1,NoOp\r',
  '  same = n,NoOp(x) \r',
);
const line = fc.oneof(
  { weight: 12, arbitrary: exten },
  { weight: 14, arbitrary: same },
  { weight: 2, arbitrary: include },
  { weight: 3, arbitrary: header },
  { weight: 3, arbitrary: other },
);
const file = fc
  .tuple(
    fc.option(fc.constantFrom('[@A]', '[@A]', '[@B]'), { freq: 12 }),
    fc.array(line, { maxLength: 14 }),
    fc.constantFrom('\n', '\n', '\n', ''),
  )
  .map(([first, lines, end]) => [...(first === null ? [] : [first]), ...lines].join('\n') + end);

/** One dialplan: the files of a folder of its own; `@` in its names stands for its number. */
export const dialplanFiles: fc.Arbitrary<readonly string[]> = fc.array(file, { minLength: 1, maxLength: 3 });

const BROKEN = /no closing|does not exist/;
const MOST_BROKEN = 8;

/**
 * Cuts the dialplans into groups for one reload each: Asterisk forgets to leave the include level of a broken file,
 * and after ten of them it refuses every `#include`, and with that the whole configuration.
 */
export function groupsOf(
  dialplans: readonly (readonly string[])[],
  most: number,
  logOf: (files: Files) => readonly string[],
): (readonly (readonly string[])[])[] {
  const groups: (readonly string[])[][] = [[]];
  let broken = 0;
  for (const dialplan of dialplans) {
    const log = logOf(filesOf([dialplan]));
    // looking for a missing label in a context with includes can keep Asterisk busy for ever
    if (log.some((line) => line.includes('Maximum PBX stack'))) continue;
    const breaks = log.filter((line) => BROKEN.test(line)).length;
    if (broken + breaks > MOST_BROKEN || groups.at(-1)!.length === most) {
      groups.push([]);
      broken = 0;
    }
    broken += breaks;
    groups.at(-1)!.push(dialplan);
  }
  return groups;
}

/** Many dialplans for one reload, each with contexts and a folder of its own. */
export function filesOf(dialplans: readonly (readonly string[])[]): Files {
  const files: Record<string, string> = {};
  let entry = '[globals]\nFOO = bar\n';
  for (const [at, texts] of dialplans.entries()) {
    entry += `[p${at}]\n#include more/p${at}/*.conf\n`;
    for (const [index, text] of texts.entries())
      files[`more/p${at}/${index}.conf`] = text.replaceAll('@', `p${at}`);
  }
  return { 'extensions.conf': entry, ...files };
}
