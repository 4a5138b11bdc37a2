import type { Files } from './dialplan-stack.ts';

const ENTRY = '#include extensions.d/*.conf\n';
const WAZO = `[general]
static = yes
writeprotect = no

[globals]
FOO = bar

[xivo-features]
exten = *10,1,Answer()
same = n,Hangup()

#include extensions_extra.d/*
`;
const MORE = Object.fromEntries(
  'abcdefghijk'.split('').map((c) => [`more/${c}.conf`, `exten => ${c},1,NoOp\n`]),
);

function extra(content: string | Uint8Array): Files {
  return { 'extensions_extra.d/a.conf': content };
}

/** Wazo's layout around the files of a case. */
export function inLayout(files: Files): Files {
  return { 'extensions.conf': ENTRY, 'extensions.d/01-wazo.conf': WAZO, ...files };
}

const H = '[a]\n';

/** Written by hand, each for a question about Asterisk's behaviour. */
export const CASES: readonly (readonly [question: string, files: Files])[] = [
  [
    'many mistakes',
    extra(`[a]
exten = s,1,NoOp
garbage line
exten = s,2,NoOp(x)
exten = s,2,NoOp(y)
exten = t,foo,NoOp(y)
exten = t,1
exten = u
foo = bar
exten => v,1,Answer
exten => v,n(lab),Answer(x
exten => v,n+2(lab2),Answer(x))
exten => v,n(lab),NoOp
same => n,NoOp
same => hint,SIP/x
exten => w,hint,SIP/x
exten => w,1,
exten => w,2, NoOp(a;b) ; comment
exten => w,3,NoOp(a\\;b)${' '}
include => nope
include => b
ignorepat => 9
switch => Foo/bar
eswitch => Foo/bar
lswitch => DUNDi/x
autohints = yes
autohints = maybe
[b]
exten => _X.,1,NoOp(\${EXTEN})
exten => _[1-5]Z!,1,NoOp(\${EXTEN})
exten => _1-2-3,1,NoOp(\${EXTEN})
exten => 1-2-3,1,NoOp(\${EXTEN})
exten => 123/456,1,NoOp
exten => 123,1,NoOp
exten => 123/_45X,1,NoOp
exten => _[abc,1,NoOp
include => a,9:00-17:00,mon-fri,*,*
include => a|9:00-17:00|mon-fri|*|*
include => a,9:00-17:00,mon-fri,*,*,Europe/Paris
`),
  ],
  [
    'hash directives',
    extra(`[a]
exten = s,1,NoOp
#foo bar
#include
#include "nope.conf"
exten = s,2,NoOp
`),
  ],
  [
    'unclosed section',
    extra(`[a]
exten = s,1,NoOp
#tryinclude "nope.conf"
exten = s,2,NoOp
[b
exten = s,3,NoOp
`),
  ],
  ['no header', extra('exten = s,1,NoOp\n')],
  ['addition first', extra('[a](+)\nexten = s,1,NoOp\n')],
  [
    'template and addition',
    extra(`[a](!)
exten = s,1,NoOp
[b](a)
exten = s,2,NoOp
[b](+)
exten = s,3,NoOp
[c](nope)
exten = s,4,NoOp
`),
  ],
  ['unclosed options', extra('[a](!,\nexten = s,1,NoOp\n')],
  [
    'broken file in a glob',
    {
      'extensions_extra.d/a.conf': '[a]\nexten = s,1,NoOp\n[b\nexten = s,2,NoOp\n',
      'extensions_extra.d/b.conf': '[b]\nexten = s,1,NoOp\ngarbage\n',
      'extensions.d/02.conf': '[c]\nexten = s,1,NoOp\ngarbage\n',
    },
  ],
  [
    'broken last file in a glob',
    {
      'extensions_extra.d/a.conf': '[a]\nexten = s,1,NoOp\n',
      'extensions_extra.d/b.conf': '[b]\nexten = s,1,NoOp\n[b\ngarbage\n',
      'extensions.d/02.conf': '[c]\nexten = s,1,NoOp\ngarbage\n',
    },
  ],
  [
    'the including file goes on',
    {
      'extensions.d/01-wazo.conf':
        '[d]\nexten = s,1,NoOp\n#include extensions_extra.d/*\n[e]\nexten = s,1,NoOp\ngarbage\n',
      'extensions_extra.d/a.conf': '[a]\nexten = s,1,NoOp\n',
      'extensions_extra.d/b.conf': '[b]\nexten = s,1,NoOp\n[b\ngarbage\n',
      'extensions_extra.d/c.conf': '[c]\nexten = s,1,NoOp\ngarbage\n',
      'extensions.d/02.conf': '[f]\nexten = s,1,NoOp\ngarbage\n',
    },
  ],
  [
    'the outer file is broken',
    {
      'extensions.d/01-wazo.conf': '[d]\nexten = s,1,NoOp\n[e\nexten = s,1,NoOp\ngarbage\n',
      'extensions.d/02.conf': '[f]\nexten = s,1,NoOp\ngarbage\n',
    },
  ],
  [
    'a named include is broken',
    {
      'extensions.d/01-wazo.conf':
        '[d]\nexten = s,1,NoOp\n#include more/a.conf\n[e]\nexten = s,1,NoOp\ngarbage\n',
      'more/a.conf': '[x]\nexten = s,1,NoOp\n[x\n',
      'extensions.d/02.conf': '[f]\nexten = s,1,NoOp\ngarbage\n',
    },
  ],
  [
    '#tryinclude of nothing',
    {
      'extensions.conf':
        '[d]\nexten = s,1,NoOp\n#tryinclude more/*.conf\n#tryinclude more/n.conf\n[e]\nexten = s,1,NoOp\ngarbage\n',
    },
  ],
  [
    'comments',
    extra(
      H +
        `exten => s,1,NoOp(a) ;-- block
garbage
 --; exten => s,2,NoOp(b)
exten => s,2,NoOp(c);--x--;(d)
;--- not a block
exten => s,3,NoOp(e)
;--
;-- nested
--;
garbage2
--;
exten => s,4,NoOp(f\\;g;h)
exten => s,5,NoOp(i\\\\;j)
exten => s,6,NoOp(a--;b)
;-- x --; exten => s,7,NoOp
; --; y
`,
    ),
  ],
  [
    'comments within a line',
    extra(
      H +
        `exten => s,1,NoOp(c;--x--;d)
exten => s,2,NoOp(c;-- x \\; y --; d;-- z
--;) rest
exten => s,3,NoOp(;--a;--b--;c--;)
exten => s,4,NoOp
`,
    ),
  ],
  [
    'a block that was never open',
    extra(
      H +
        `exten => s,1,NoOp
exten => s,2,NoOp(a --; b) ; c
exten => s,3,NoOp
;-- back
exten => s,4,NoOp ; x
;-- again
exten => s,5,NoOp
--;
exten => s,6,NoOp
`,
    ),
  ],
  [
    'an unclosed comment goes into the next file',
    {
      'extensions_extra.d/a.conf': H + 'exten => s,1,NoOp\n;-- foo\nexten => s,2,NoOp\n',
      'extensions_extra.d/b.conf': 'exten => s,2,NoOp(b)\n--;\nexten => s,3,NoOp\ngarbage\n',
    },
  ],
  [
    'assignment',
    extra(
      H +
        `exten=s,1,NoOp
exten =s,2,NoOp
exten= s,3,NoOp
exten=>s,4,NoOp
exten>=s,5,NoOp
exten == s,6,NoOp
exten =>> s,7,NoOp
exten += s,8,NoOp
= s,9,NoOp
exten =>${' '}
exten =
EXTEN => s,10,NoOp
Exten => s,11,NoOp
  exten => s,12,NoOp
\texten\t=>\ts,13,NoOp\t
exten s,14,Set(a=b)
same => n,NoOp(samenope)
SAME => n,NoOp
exten => s , 20 , NoOp ( x )${' '}
exten => s,n , NoOp(x) y
exten => s,n,NoOp() y
exten => s,n,NoOp (x)
exten => s,n,NoOp)
exten => s,n,NoOp)x(
exten => s,n,NoOp,x
exten => s,n,NoOp,x(y)
exten => s,n,NoOp,Extension \${CALLERID(num)} is here (x) y
exten => s,n,NoOp,x $[1 + (2)] y
exten => s,n,NoOp(x,y
exten => s,n,(y)
exten => s,n
exten => s,n,
exten => s,n,${' '}
exten => s,n,NoOp("a,b",c\\,d)
exten => s,n,NoOp(a|b)
exten => s,n,NoOp|a|b
`,
    ),
  ],
  [
    'headers',
    extra(`[a] garbage
exten => s,1,NoOp
[b](!) garbage
exten => s,1,NoOp
[ d ]
exten => s,1,NoOp
[]
exten => s,1,NoOp
[e]](x)
exten => s,1,NoOp
[f](!,b)
exten => s,2,NoOp
[g](f)
exten => s,3,NoOp
[h](a)
[h]
exten => s,2,NoOp
[i](a,b)
exten => s,5,NoOp
[j](+)
exten => s,5,NoOp
`),
  ],
  [
    'headers with blanks',
    extra(`[a]
exten => s,1,NoOp
[e]  (!)
exten => s,1,NoOp
[g](a,e)(c)
exten => s,7,NoOp
[a](+)
exten => s,2,NoOp
[A]
exten => s,4,NoOp
[b]( ! )
exten => s,1,NoOp
`),
  ],
  [
    'byte order mark, CRLF, control characters',
    extra(
      Buffer.from(
        '\xef\xbb\xbf[a]\r\nexten => s,1,NoOp(x)\r\ngarbage\r\nsame => n,NoOp(\xe9\xff) \x0b\r\n  \r\n\t\r\nsame => n,NoOp(b)\rexten => s,5,NoOp',
        'latin1',
      ),
    ),
  ],
  [
    'byte order mark in the second file',
    {
      'extensions_extra.d/a.conf': '[a]\n',
      'extensions_extra.d/b.conf': '\uFEFF[b]\nexten => s,1,NoOp(x)',
    },
  ],
  ['byte order mark in the middle', extra(H + 'exten => s,1,NoOp\n\uFEFFexten => s,2,NoOp\n')],
  ['zero bytes', extra(H + 'exten => s,1,NoOp(a\0b)\nexten => s,2,No\0Op\n')],
  ...[8170, 8189, 8190, 8191, 8192, 8193, 16500].map((size) => {
    const start = 'exten => s,1,NoOp(';
    const line = start + 'x'.repeat(size - start.length - 1) + ')';
    return [
      `a line of ${size} bytes`,
      extra(`${H}${line}\nexten => s,2,NoOp\nexten => s,3,NoOp\ngarbage\n`),
    ] as const;
  }),
  [
    'long names',
    extra(`${H}exten => ${'1'.repeat(100)},1,NoOp
exten => ${'2'.repeat(79)},1,NoOp
exten => ${'3'.repeat(80)},1,NoOp
exten => ${'4'.repeat(81)},1,NoOp
exten => ${'5'.repeat(300)},1,NoOp
same => n,NoOp
exten => s,1(${'l'.repeat(100)}),NoOp
exten => s,2,${'A'.repeat(100)}(x)
exten => s,3,${'B'.repeat(300)}(x)
same => n,NoOp(\${FOO}\${EXTEN})
[${'c'.repeat(100)}]
exten => s,1,NoOp
[${'d'.repeat(79)}]
exten => s,1,NoOp
[${'d'.repeat(80)}]
exten => s,2,NoOp
`),
  ],
  ["'quotes'", { ...extra(H + "#include 'more/e.conf'\nexten => s,1,NoOp\n"), ...MORE }],
  ...[
    '"more/a.conf"',
    '<more/b.conf>',
    'more/c.conf',
    '"more/d.conf" trailing',
    '=> more/g.conf',
    '"/etc/asterisk/more/h.conf"',
    '../asterisk/more/i.conf',
    'more/{j,k}.conf',
    '"more/"',
    'more',
    'more/[cd].conf',
    '"more/a.conf',
    '<more/a.conf',
    '<more/a.conf"',
    'more/a.conf more/b.conf',
    'more/*',
    './more/a.conf',
    'more//a.conf',
    '../asterisk/more/*',
  ].map(
    (argument) =>
      [
        `#include ${argument}`,
        { ...extra(`${H}#include ${argument}\nexten => s,1,NoOp\n`), ...MORE },
      ] as const,
  ),
  [
    '#include and case',
    {
      ...extra(
        H +
          '#INCLUDE more/f.conf\n#TryInclude\tmore/g.conf\n#include;\n#include more/f.conf\n#include "more/f.conf"\n#include more/*\nexten => s,1,NoOp\n',
      ),
      ...MORE,
    },
  ],
  [
    'included several times',
    {
      'extensions.d/01-wazo.conf':
        '[a]\n#include more/a.conf\n#include extensions_extra.d/*\n#include more/a.conf\n#include more/*\n[x]\n',
      ...extra(H + '#include more/*\n#include ../asterisk/more/a.conf\nexten => s,1,NoOp\ngarbage'),
      ...MORE,
    },
  ],
  [
    'include depth',
    {
      ...extra(H + '#include more/1.conf\nexten => s,1,NoOp\n'),
      ...Object.fromEntries(
        Array.from({ length: 13 }, (_, at) => [
          `more/${at + 1}.conf`,
          `exten => ${at + 1},1,NoOp\n#include more/${at + 2}.conf\nexten => x${at + 1},1,NoOp\n`,
        ]),
      ),
    },
  ],
  [
    'a file that includes itself',
    extra(H + 'exten => s,1,NoOp\n#include extensions_extra.d/a.conf\nexten => s,n,NoOp\n'),
  ],
  ['#exec', extra(H + '#exec /bin/true\nexten => s,1,NoOp\n')],
  ['#exec of nothing', extra(H + '#exec\n#tryexec /bin/true\nexten => s,1,NoOp\n')],
  [
    '#tryinclude of nothing at all',
    extra(H + 'exten => s,2,NoOp\n#tryinclude\n#tryinclude ""\n#include ""\nexten => s,3,NoOp\n'),
  ],
  ['#', extra(H + 'exten => #,1,NoOp\n# foo\n#\n #include more/nope\nexten => s,1,NoOp\n')],
  [
    'the section after an include',
    {
      'extensions_extra.d/a.conf': H + '#include more/a.conf\nexten => s,1,NoOp\nsame => n,NoOp\n',
      'more/a.conf': '[z]\nexten => 6,1,NoOp',
      'extensions_extra.d/b.conf': 'same => n,NoOp(b)\nexten => 7,n,NoOp\nexten => s,n,NoOp',
    },
  ],
  [
    '+=',
    extra(
      H +
        `exten => s,1,NoOp(x
exten += ,y)
foo = 1
exten += z
same += n,NoOp
exten => s,3,NoOp
exten +=s,4,NoOp
exten+= s,5,NoOp
exten +=> s,6,NoOp
[b]
exten += s,1,NoOp
`,
    ),
  ],
  [
    '+= after an empty value, and after one that is there twice',
    extra(`[a1]
exten =
exten += x
[a2]
exten = s,1,NoOp(a
exten += b)
[a3]
exten = s,1,NoOp(1)
exten = t,1,NoOp(t)
exten = s,1,noop(1)
exten += more(3)
[a4]
exten = s,1,NoOp(a)
Exten += b)
[a5]
Exten = s,1,NoOp(a
exten = t,1,NoOp(a
EXTEN += b)
[a6]
exten = q,1,NoOp(a)
exten =
exten += s,1,NoOp(x
[a7]
exten = s,1,NoOp(a
exten +=    b)   
exten += >  c) ; d
[a8]
exten +=  s,1,NoOp(b)
[a9]
exten = z,1
exten +=,
[a10]
exten = 
same = 1,X
exten += >x
[a11]
exten = s,1,NoOp(é
exten = S,1,NoOp(É
exten += f)
[a12]
exten = s,1,NoOp(a
exten += 
exten +=
[a13]
same = n,a
exten = 
exten = 
exten += s,1,A
exten += ,B
[b1]
exten = \${NOPE} x,foo,A
exten = y ,foo,A
exten = \${NOPE} z,1,A
exten = 1/\${NOPE} 1,foo,A
[b2]
include =
include += b1
[b3]
include = 
include +=   b1 ,*,*,*,*
switch = 
switch +=   Loopback/x
lswitch = 
lswitch +=   Loopback/y
ignorepat =
ignorepat +=  9
[b4]
foo =
foo += 3
autohints =
autohints += yes
[b5]
exten =
exten +=  s , 1 , NoOp(x)
same =
same +=  n,NoOp
`),
  ],
  [
    'a label that two priorities have',
    extra(`[l1]
exten = s,5(a),NoOp
exten = s,3(b),NoOp
exten = s,1(a),NoOp
exten = s,a,NoOp(x)
[l2]
exten = s,1,NoOp
exten = s,2(a),NoOp
exten = s,hint(a),SIP/x
exten = s,a,NoOp(x)
[l3]
exten = s,1,NoOp
exten = s,4(a),NoOp
exten = s,3(b),NoOp
exten = s,2(a),NoOp
exten = s,a,NoOp(x)
[l4]
exten = s,hint(a),SIP/x
exten = s,1,NoOp
exten = s,a,NoOp(x)
[l5]
exten = s,9(a),NoOp
exten = s,8(b),NoOp
exten = s,6(a),NoOp
exten = s,5(b),NoOp
exten = s,3(a),NoOp
exten = s,a,NoOp(x)
exten = s,b,NoOp(x)
[l6]
exten = s,1,NoOp
exten = s,2,NoOp
exten = s,3(a),NoOp
exten = s,1(a),NoOp
exten = s,a,NoOp(x)
[l7]
exten = s,3(a),NoOp
exten = s,2,NoOp
exten = s,hint(a),SIP/x
exten = s,1(a),NoOp
exten = s,a,NoOp(x)
`),
  ],
  [
    'a label of a pattern that is spelled in another way',
    extra(`[l1]
exten = _n,2,NoOp
exten = _N/5,Lab,NoOp
exten = _x.,1(a),NoOp
exten = _X.,a,NoOp(x)
exten = _X-.,a,NoOp(x)
exten = _é,1(a),NoOp(x)
exten = _É,a,NoOp(x)
[m1]
exten = _X.,1(a),NoOp
exten = _[0-9].,a,NoOp(set)
[m2]
exten = _[12],1(a),NoOp
exten = _[21],a,NoOp(set)
[m3]
exten = _12-3,1(a),NoOp
exten = _123,a,NoOp(set)
[m4]
exten = _X-.,1(a),NoOp
exten = _x.,a,NoOp
exten = _X.,a,NoOp
exten = _X-.,a,NoOp
exten = _X.-,a,NoOp
exten = _XX.,a,NoOp
[m5]
exten = _ab,1(a),NoOp
exten = _AB,a,NoOp
exten = _a-b,a,NoOp
exten = _ab-,a,NoOp
exten = _a--b,a,NoOp
[m6]
exten = _[1-5]X,1(a),NoOp
exten = _[1-5]-X,a,NoOp
exten = _[15]X,a,NoOp
exten = _[1-5]x,a,NoOp
`),
  ],
  [
    'a label of an extension for some callers',
    extra(`[c1]
exten = s/_!,1(a),NoOp
exten => s
exten => s,a,NoOp
exten = t/,1(a),NoOp
exten => t,a,NoOp
exten => t/,a,NoOp
exten => t/1,a,NoOp
`),
  ],
  [
    'templates',
    extra(`[t](!)
exten => s,1,NoOp(t)
include => foo
[u](!)
exten => s,1,NoOp(u)
exten => s,2,NoOp(u)
[a](t,u)
exten => s,1,NoOp(a)
exten => s,3,NoOp(a)
[b](t)
[b](u)
[t]
exten => t,1,NoOp(t)
[c](t)
exten => s,9,NoOp
[t](+)
exten => t,2,NoOp(plus)
[u](!)
exten => s,2,NoOp(u2)
[d](u)
[ e ]
exten => s,1,NoOp
[e]
exten => s,2,NoOp
[]
exten => s,3,NoOp
[d](+)
exten => s,5,NoOp(d)
[d](+)(x)
[d]  (x)
exten => s,6,NoOp(d)
[E]
exten => s,1,NoOp
[b]]
exten => s,9,NoOp
[d](!,+)
exten => s,7,NoOp
[d](+,u)
exten => s,8,NoOp
[d]()
exten => s,11,NoOp
[x](,d)
exten => s,12,NoOp
[y](d
`),
  ],
  [
    'addition to a template',
    extra(`[t](!)
exten => s,1,NoOp(t)
[t](+)
exten => s,2,NoOp(t)
[a](t)
`),
  ],
  ['addition and case', extra('[a]\nexten => s,1,NoOp\n[A](+)\nexten => s,3,NoOp\n')],
  [
    'characters of an extension',
    extra(
      H +
        `exten => 1 2 3,1,NoOp
exten => 1-2-3,1,NoOp(dup)
exten => _1 2-X.,1,NoOp
exten => _12X.,1,NoOp(dup)
exten => _nxz,1,NoOp
exten => _NXZ,1,NoOp(dup)
exten => a-b,1,NoOp
exten => ab,1,NoOp(dup)
exten => AB,1,NoOp
exten => _[2-4]x,1,NoOp
exten => _[234]x,1,NoOp(same?)
exten => _[342]x,1,NoOp(same?)
exten => _[4-2]x,1,NoOp
exten => _[]x,1,NoOp
exten => _[a,1,NoOp
exten => _[2-]x,1,NoOp
exten => _[-2]x,1,NoOp
exten => _[1-3-5]x,1,NoOp
exten => _X.1,1,NoOp
exten => _X!1,1,NoOp
exten => _,1,NoOp
exten => "q",1,NoOp
exten => 'r',1,NoOp
exten => "q,1",1,NoOp
exten => "q"/"12",1,NoOp
exten => i,1,NoOp
exten => ,1,NoOp
exten => /12,1,NoOp
exten => 12/,1,NoOp
exten => 12/,1,NoOp(2)
exten => 13/-,1,NoOp(2)
exten => 13/4-5 6,1,NoOp(2)
exten => 13/456,1,NoOp(2)
exten => 13/"Bob" <45>,1,NoOp
exten => 14/,1,NoOp
exten => 14,1,NoOp
exten => s\\,x,1,NoOp
`,
    ),
  ],
  [
    'priorities',
    extra(
      H +
        `exten => s,0,NoOp
exten => s,-1,NoOp
exten => s,1.5,NoOp
exten => s,1x,NoOp
exten => s,99999999999,NoOp
exten => s,n,NoOp
exten => s,5,NoOp
exten => s,n-1,NoOp
exten => s,n+,NoOp
exten => s,n+0,NoOp
exten => s,N,NoOp
exten => s,next,NoOp
exten => s,s,NoOp
exten => s,s+1,NoOp
exten => s,same,NoOp
exten => s,S,NoOp
exten => s,20(lab),NoOp
exten => s,lab,NoOp(x)
exten => s,lab+2,NoOp(x)
exten => s,30(),NoOp(x)
exten => s,31(lab x),NoOp(x)
exten => s,32 (lab2),NoOp(x)
exten => s,33( lab3 ),NoOp(x)
exten => s,34(lab4,NoOp(x)
exten => s,35(lab5)x,NoOp(x)
exten => s,36(lab6)+5,NoOp(x)
exten => s,n+2(lab7),NoOp(x)
exten => s,n(lab8)+2,NoOp(x)
exten => s,+3,NoOp
exten => s, 50,NoOp
exten => s,50 ,NoOp(dup)
exten => s,51(1lab),NoOp
exten => s,hint,
exten => s,HINT,SIP/x
exten => t,hint(lab),SIP/x
exten => t,hint,SIP/y
exten => t,n,NoOp
exten => t,1,NoOp
exten => t,hint,SIP/z
exten => _X.,hint,SIP/z
exten => s,52("q"),NoOp
`,
    ),
  ],
  [
    'same',
    extra(`[a]
same => n,NoOp
same => 1,NoOp
exten => s,1,NoOp
same => 2,NoOp
same => n(x),NoOp
same => s,NoOp
same =>,n,NoOp
same => s,n,NoOp
same =>
[b]
same => n,NoOp
same => 1,NoOp
[a]
same => n,NoOp(2)
same => 1,NoOp
exten => s,n,NoOp(2)
exten => t,n,NoOp(2)
exten => u,1,NoOp(2)
exten => u/12,2,NoOp(2)
same => n,NoOp(12)
exten => u,n,NoOp(2)
exten => u/13,n(lab),NoOp
same => n(lab),NoOp
`),
  ],
  [
    'general and globals',
    {
      'extensions.d/01-wazo.conf': `[general]
static=yes
foo=bar
autofallthrough=no
extenpatternmatchnew=no
overridewitch=x
userscontext=default
exten => s,1,NoOp
[globals]
A=1
B=\${A}2
A=3
C=\${B}\${NOPE}x
D => dd
E = $[1+1]
exten = x
A+=4
F=
G = "quoted"
h = low
H = up
[GENERAL]
foo=bar
exten => s,1,NoOp
[Globals]
foo2=bar
[x]
exten => s,1,NoOp(\${A},\${B})
exten => \${A},1,NoOp
exten => \${NOPE}5,1,NoOp
exten => 6,\${A},NoOp
exten => 7,1(\${A}),NoOp
exten => 8/\${A},1,NoOp
exten => 9,1,\${A}(x)
include => \${A}
ignorepat => \${A}
switch => \${A}
lswitch => \${A}/\${B}
eswitch => \${A}/\${B}
exten => $[1+1],1,NoOp
exten => \${LEN(abc)},1,NoOp
exten => \${A:1},1,NoOp
exten => 10\${H},1,NoOp
exten => 11\${h},1,NoOp
exten => \${UNCLOSED,1,NoOp
[globals]
A=9
[globals](+)
A=10
`,
    },
  ],
  [
    'globals after their use',
    {
      'extensions.d/01-wazo.conf':
        '[y]\nexten => s,1,NoOp(${A},${B})\nexten => ${A},1,NoOp\n[globals]\nA=5\n',
    },
  ],
  [
    'includes',
    extra(
      H +
        `include =>
include => ,
include => b,
include => b,*
include => b,9:00-17:00,foo,*,*
include => b,99:00-17:00,mon,*,*
include => b,9:00-17:00,mon-fri,1-5,jan-mar
include => b,9:00-17:00,mon-fri,1-50,jan-mar
include => b
include => b
include => "b"
include => b ; x
include => b c
include => B
include => a
INCLUDE => b2
includes => b
ignorepat =>
ignorepat => 9
ignorepat => 9
ignorepat => _9X
ignorepats => 7
switch =>
switch => Loopback/x
switch => Loopback
switch => Realtime/x@y
switch => Realtime/x@y
switch => nope/x
eswitch => Realtime/x
lswitch => Loopback/x@y
autohints = yes
autohints =${' '}
hints => yes
override => Realtime
userscontext => x
exten => 1,1,NoOp
[b]
autohints = on
[c]
autohints=no
[d]
foo
`,
    ),
  ],
  [
    'hints and labels',
    extra(
      H +
        `exten => w,hint,SIP/x
same => n,NoOp
exten => x,1,NoOp
exten => x,hint,SIP/x
same => n,NoOp
same => n,NoOp
exten => y,hint(z),SIP/x
exten => y,nfoo,NoOp(nfoo)
exten => y,nfoo(b),NoOp(nfoo)
exten => y,n(c)foo,NoOp(nfoo)
exten => y,n (d),NoOp(nfoo)
exten => y,n + 2,NoOp(nfoo)
exten => y,nn,NoOp(nfoo)
exten => y,ssss,NoOp(nfoo)
exten => y,hinty,NoOp(nfoo)
exten => y,10+2,NoOp(nfoo)
exten => y,c+2,NoOp(nfoo)
exten => y,d+20,NoOp(nfoo)
exten => y,e,NoOp(nfoo)
exten => y,50,NoOp(nfoo)
exten => y,0,NoOp(nfoo)
exten => y,n,NoOp(nfoo)
exten => _X.,1(x),NoOp(nfoo)
exten => _X.,x,NoOp(nfoo)
exten => _X.,x+1,NoOp(nfoo)
exten => _X.,xx,NoOp(nfoo)
exten => 5,x+2,NoOp(nfoo)
exten => 5,x,NoOp(nfoo)
exten => 5,foo,NoOp(nfoo)
`,
    ),
  ],
  [
    'labels, brackets, parentheses',
    extra(`[a]
exten => 1,1(9),NoOp
exten => 2,1(\${FOO}),NoOp
exten => 3,1(x\${FOO}y),NoOp
exten => 4,1(a(b)c),NoOp
exten => 5,1((b)),NoOp
exten => 6,1(b,c),NoOp
exten => 7,\${FOO},NoOp
exten => 8,1,NoOp(a),b(c)
exten => 8,hint,SIP/x(y)&Foo(z)
exten => 9,hint,  SIP/x & y${'  '}
exten => 9,1,${'  '}
include => n1
include => n2
[b]
include => n1
include => n1,*,*,*,*
[c]
exten => a(b,c),1,NoOp
exten => {a,b},1,NoOp
exten => \${IF($[1]?a,b)},1,NoOp
exten => _[/]/12,1,NoOp
exten => 1/2/3,1,NoOp
exten => _X/_2X.,1,NoOp
exten => _X/n-,1,NoOp
exten => _X/_n-,1,NoOp
exten => -,1,NoOp
exten => [a,b]c,1,NoOp
exten => [abc,1,NoOp
exten => ]abc,1,NoOp
exten => _a]abc,1,NoOp
exten => a\\,b,1,NoOp
exten => a\\[b,1,NoOp
exten => a"b,c"d,1,NoOp
exten => s,1,Foo(bar\\)
exten => s,n,Foo(bar\\,x)
exten => s,n,Foo(b"a(r\\,x)
exten => s,n\t,\tFoo\t(b"a(r\\,x)
exten => s,n,Foo(x))${' '}
include => n1
`),
  ],
  ['| in includes', extra('[a]\ninclude => b|9:00-17:00|mon|*|*\n[b]\ninclude => c|9:00-17:00\n')],
  [
    'a label in a context with includes',
    extra(
      '[a]\ninclude => n1\ninclude => b\nexten => s,foo,NoOp\n[b]\nexten => s,1,NoOp\n[c]\ninclude => b\nexten => s,foo,NoOp\ninclude => d\nexten => s,foo,NoOp\n',
    ),
  ],
  [
    'nine broken files',
    {
      'extensions.d/01-wazo.conf': `[w]\n${Array.from({ length: 9 }, (_, at) => `#include more/${at}.conf\n`).join('')}`,
      ...Object.fromEntries(
        Array.from({ length: 9 }, (_, at) => [`more/${at}.conf`, `[x${at}]\nexten => s,1,NoOp\n[\n`]),
      ),
    },
  ],
  [
    'twelve broken files',
    {
      'extensions.d/01-wazo.conf': `[w]\n${Array.from({ length: 12 }, (_, at) => `#tryinclude more/${at}.conf\n`).join('')}`,
      ...Object.fromEntries(
        Array.from({ length: 12 }, (_, at) => [`more/${at}.conf`, `[x${at}]\nexten => s,1,NoOp\n[\n`]),
      ),
    },
  ],
];
