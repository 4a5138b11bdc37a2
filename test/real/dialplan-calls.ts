const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const now = new Date();
const weekday = (later: number): string => DAYS[(now.getUTCDay() + later + 7) % 7] ?? '';
const clock = (later: number): string =>
  new Date(now.getTime() + later * 3_600_000).toISOString().slice(11, 16);
/** Times that hold while the test runs, and that do not. */
const OPEN = [
  `*,${weekday(-1)}-${weekday(1)},*,*,UTC`,
  `${clock(-9)}-${clock(9)},*,*,*,UTC`,
  `${clock(8)}-${clock(9)}&${clock(-1)}-${clock(1)},*,1-31,jan-dec,UTC`,
];
const CLOSED = [
  `*,${weekday(2)}-${weekday(5)},*,*,UTC`,
  `${clock(3)}-${clock(-3)},*,*,*,UTC`,
  `${clock(2)},*,*,*,UTC`,
];

/** An AGI script, in the root of the stack: it does what its first argument says. */
export const AGI_SCRIPT = {
  path: '/opt/wdev-agi.sh',
  text: `#!/bin/sh
while read -r line && [ -n "$line" ]; do
  case $line in agi_extension:*) exten=\${line#*: } ;; agi_arg_2:*) second=\${line#*: } ;; esac
done
say() { echo "$*"; read -r answer; }
case $1 in
  set) say SET VARIABLE FOUND "\\"$exten and $second\\"" ;;
  copy) say GET VARIABLE X; say SET VARIABLE COPY "\\"$answer\\"" ;;
  full) say GET FULL VARIABLE '"\${X}-\${EXTEN}"'; say SET VARIABLE COPY "\\"$answer\\"" ;;
  none) say GET VARIABLE NOPE; say SET VARIABLE COPY "\\"$answer\\"" ;;
  goto) say EXEC Goto 7,1 ;;
  exec) say EXEC Set Y=5 ;;
  priority) say SET PRIORITY 5 ;;
  extension) say SET EXTENSION other ;;
  context) say SET CONTEXT "$second" ;;
  caller) say SET CALLERID 4711 ;;
  database) say DATABASE PUT "$second" key value; say DATABASE GET "$second" key
    say SET VARIABLE COPY "\\"$answer\\""; say DATABASE DEL "$second" key ;;
  unknown) say FROBNICATE; say SET VARIABLE COPY "\\"$answer\\"" ;;
  hangup) say HANGUP ;;
  fail) exit 3 ;;
esac
exit 0
`,
};
const agi = (args: string): string => `AGI(${AGI_SCRIPT.path},${args})`;

/** Small dialplans for one call each: the call enters `s` (or what stands behind `dial`) in the context `@` (`§` is an @). */
export const CALLS: readonly { readonly name: string; readonly text: string; readonly dial?: string }[] = [
  { name: 'priorities in order', text: '[@]\nexten = s,1,NoOp(a)\nsame = n,NoOp(b)\nsame = n,Hangup()' },
  { name: 'a gap ends the call', text: '[@]\nexten = s,1,NoOp(a)\nexten = s,3,NoOp(c)' },
  { name: 'label', text: '[@]\nexten = s,1,Goto(end)\nsame = n,NoOp(skipped)\nsame = n(end),NoOp(x)' },
  { name: 'goto with extension', text: '[@]\nexten = s,1,Goto(12,1)\nexten = _1X,1,NoOp(${EXTEN})' },
  {
    name: 'goto with context',
    text: '[@]\nexten = s,1,Goto(@b,7,one)\n[@b]\nexten = _X,1,NoOp(no)\nexten = 7,1(one),NoOp(${CONTEXT} ${EXTEN} ${PRIORITY})',
  },
  {
    name: 'GotoIf both ways',
    text: '[@]\nexten = s,1,Set(X=5)\nsame = n,GotoIf($[${X} > 3]?yes:no)\nsame = n(no),NoOp(no)\nsame = n(yes),GotoIf($[${X} > 7]?no:end)\nsame = n(end),NoOp(end)',
  },
  {
    name: 'GotoIf without a branch',
    text: '[@]\nexten = s,1,GotoIf(0?x)\nsame = n,GotoIf(1?:x)\nsame = n(x),NoOp(x)',
  },
  {
    name: 'the better pattern wins',
    dial: '125',
    text: '[@]\nexten = _1XX,1,NoOp(xx)\nexten = _12X,1,NoOp(12x)\nexten = _1[1-3]5,1,NoOp(set)\nexten = _1.,1,NoOp(dot)',
  },
  {
    name: 'the name wins over patterns',
    dial: '125',
    text: '[@]\nexten = _12X,1,NoOp(pattern)\nexten = 125,1,NoOp(name)',
  },
  {
    name: 'priorities of another pattern go on',
    dial: '125',
    text: '[@]\nexten = 125,1,NoOp(name)\nexten = _12X,2,NoOp(pattern)\nexten = _1XX,3,NoOp(wide)',
  },
  {
    name: '! takes nothing too',
    dial: '12',
    text: '[@]\nexten = _12!,1,NoOp(${EXTEN})\nexten = _12.,1,NoOp(dot)',
  },
  { name: 'N and Z', dial: '109', text: '[@]\nexten = _NXX,1,NoOp(n)\nexten = _ZXN,1,NoOp(z)' },
  { name: 'dashes', dial: '1234', text: '[@]\nexten = 12-34,1,NoOp(${EXTEN})' },
  { name: 'invalid', dial: '999', text: '[@]\nexten = _1X,1,NoOp\nexten = i,1,NoOp(${INVALID_EXTEN})' },
  {
    name: 'include',
    dial: '42',
    text: '[@]\nexten = 41,1,NoOp\ninclude = @a\ninclude = @b\n[@a]\nexten = _4X,1,NoOp(a ${CONTEXT})\nsame = n,NoOp(2)\n[@b]\nexten = 42,1,NoOp(b)',
  },
  {
    name: 'own context before includes',
    dial: '42',
    text: '[@]\nexten = _X.,1,NoOp(own)\ninclude = @a\n[@a]\nexten = 42,1,NoOp(a)\nexten = 42,2,NoOp(a2)',
  },
  {
    name: 'nested includes',
    dial: '42',
    text: '[@]\ninclude = @a\n[@a]\ninclude = @b\n[@b]\ninclude = @\nexten = 42,1,NoOp(b)\nsame = n,Goto(x)\nsame = n(x),NoOp(x)',
  },
  {
    name: 'gosub and return',
    text: '[@]\nexten = s,1,Gosub(@sub,s,1(a,b c,${EXTEN}))\nsame = n,NoOp(${GOSUB_RETVAL}|${ARG1})\n[@sub]\nexten = s,1,NoOp(${ARG1}|${ARG2}|${ARG3}|${ARG4}|${ARGC})\nsame = n,Return(value)',
  },
  {
    name: 'nested gosub',
    text: '[@]\nexten = s,1,Gosub(a,1(1))\nsame = n,NoOp(${ARG1})\nexten = a,1,Gosub(b,1(2,3))\nsame = n,NoOp(${ARG1}|${ARG2})\nsame = n,Return()\nexten = b,1,NoOp(${ARG1}|${ARG2})\nsame = n,Return(r)',
  },
  {
    name: 'local variables',
    text: '[@]\nexten = s,1,Set(X=outer)\nsame = n,Gosub(sub,1)\nsame = n,NoOp(${X}|${Y})\nexten = sub,1,Set(LOCAL(X)=inner)\nsame = n,Set(Y=kept)\nsame = n,NoOp(${X})\nsame = n,Return()',
  },
  {
    name: 'GosubIf',
    text: '[@]\nexten = s,1,GosubIf($[1 = 1]?sub,1(x):sub,1(y))\nsame = n,GosubIf(0?sub,1(z))\nsame = n,NoOp(end)\nexten = sub,1,NoOp(${ARG1})\nsame = n,Return()',
  },
  { name: 'return without gosub', text: '[@]\nexten = s,1,Return()\nsame = n,NoOp(no)' },
  {
    name: 'StackPop',
    text: '[@]\nexten = s,1,Gosub(sub,1)\nsame = n,NoOp(no)\nexten = sub,1,StackPop()\nsame = n,Goto(s,4)\nexten = s,4,NoOp(four)',
  },
  {
    name: 'ExecIf',
    text: '[@]\nexten = s,1,ExecIf($[1 > 0]?Set(X=yes):Set(X=no))\nsame = n,NoOp(${X})\nsame = n,ExecIf(0?NoOp(a):Goto(end))\nsame = n,NoOp(skipped)\nsame = n(end),NoOp(end)',
  },
  {
    name: 'While',
    text: '[@]\nexten = s,1,Set(I=1)\nsame = n,While($[${I} <= 3])\nsame = n,NoOp(${I})\nsame = n,Set(I=$[${I} + 1])\nsame = n,EndWhile()\nsame = n,NoOp(done ${I})',
  },
  {
    name: 'ExitWhile and ContinueWhile',
    text: '[@]\nexten = s,1,Set(I=0)\nsame = n,While(1)\nsame = n,Set(I=${INC(I)})\nsame = n,ExecIf($[${I} = 1]?ContinueWhile())\nsame = n,ExecIf($[${I} = 3]?ExitWhile())\nsame = n,NoOp(${I})\nsame = n,EndWhile()\nsame = n,NoOp(out)',
  },
  {
    name: 'a While that is never true',
    text: '[@]\nexten = s,1,While(0)\nsame = n,NoOp(no)\nsame = n,EndWhile()\nsame = n,NoOp(out)',
  },
  {
    name: 'slices',
    text: '[@]\nexten = s,1,Set(X=abcdef)\nsame = n,NoOp(${X:2}|${X:-2}|${X:1:3}|${X:-3:2}|${X:1:-1}|${X:9}|${X:0:99}|${X:-9:3})',
  },
  {
    name: 'variables within variables',
    text: '[@]\nexten = s,1,Set(A=B)\nsame = n,Set(B1=one)\nsame = n,NoOp(${${A}1}|${${A}${LEN(x)}}|${NOPE}|${A:0:${LEN(a)}})',
  },
  {
    name: 'arithmetic',
    text: '[@]\nexten = s,1,NoOp($[1 + 2 * 3]|$[(1 + 2) * 3]|$[7 % 4]|$[10 / 4]|$[2 - 5]|$[-3 + 1]|$[1.5 + 1]|$[1+1])',
  },
  {
    name: 'comparison',
    text: '[@]\nexten = s,1,NoOp($[1 < 2]|$[10 < 9]|$["a" < "b"]|$[abc = abc]|$["abc" = abc]|$[1 != 1]|$[2 >= 2]|$["" = ""]|$[1 = 1.0])',
  },
  {
    name: 'logic',
    text: '[@]\nexten = s,1,NoOp($[1 & 0]|$[1 | 0]|$[0 | 0]|$[a & b]|$[!1]|$[!0]|$[1 = 1 & 2 = 2]|$[0 ? a :: b]|$[1 ? a :: b])',
  },
  {
    name: 'regular expressions',
    text: '[@]\nexten = s,1,NoOp($["abc123" : "abc"]|$["abc123" : "[a-z]*([0-9]+)"]|$["abc" =~ "b"]|$["abc" =~ "x"]|${REGEX("^[0-9]+$" 123)}|${REGEX("^[0-9]+$" 12a)})',
  },
  {
    name: 'quotes in expressions',
    text: '[@]\nexten = s,1,Set(N=)\nsame = n,NoOp($["${N}" = ""]|$["a b" = "a b"]|$[x${N} = x])',
  },
  {
    name: 'IF and LEN',
    text: '[@]\nexten = s,1,NoOp(${IF($[1 = 1]?yes:no)}|${IF(0?yes:no)}|${IF(0?yes)}|${LEN(hello)}|${LEN()}|${ISNULL()}|${EXISTS(x)})',
  },
  {
    name: 'CUT and FIELDQTY',
    text: '[@]\nexten = s,1,Set(X=a-b-c-d)\nsame = n,NoOp(${CUT(X,-,2)}|${CUT(X,-,2-3)}|${CUT(X,-,3-)}|${CUT(X,-,1&4)}|${FIELDQTY(X,-)})',
  },
  {
    name: 'case and filter',
    text: '[@]\nexten = s,1,NoOp(${TOUPPER(aBc)}|${TOLOWER(aBc)}|${FILTER(0-9,a1b2)}|${QUOTE(a"b)}|${URIENCODE(a b)})',
  },
  { name: 'MATH', text: '[@]\nexten = s,1,NoOp(${MATH(3*4,int)}|${MATH(7/2)}|${MATH(7%4,i)}|${MATH(2<3)})' },
  {
    name: 'the database',
    text: '[@]\nexten = s,1,Set(DB(wdev@/x)=5)\nsame = n,NoOp(${DB(wdev@/x)}|${DB_EXISTS(wdev@/x)}|${DB_EXISTS(wdev@/y)})\nsame = n,NoOp(${DB_DELETE(wdev@/x)}|${DB(wdev@/x)})',
  },
  {
    name: 'the caller',
    text: '[@]\nexten = s,1,Set(CALLERID(num)=123)\nsame = n,Set(CALLERID(name)=Bob)\nsame = n,NoOp(${CALLERID(num)}|${CALLERID(name)}|${CALLERID(num):1})',
  },
  {
    name: 'an extension for one caller',
    text: '[@]\nexten = s,1,Set(CALLERID(num)=123)\nsame = n,Goto(12,1)\nexten = 12,1,NoOp(all)\nexten = 12/123,1,NoOp(one)\nexten = 12/_4X,1,NoOp(other)',
  },
  {
    name: 'DIALPLAN_EXISTS',
    text: '[@]\nexten = s,1,NoOp(${DIALPLAN_EXISTS(@,s,1)}|${DIALPLAN_EXISTS(@,12,1)}|${DIALPLAN_EXISTS(@,s,end)}|${DIALPLAN_EXISTS(nope)}|${VALID_EXTEN(@,s,2)}|${VALID_EXTEN(@,t)})\nsame = n(end),NoOp',
  },
  {
    name: 'MSet and ARRAY',
    text: '[@]\nexten = s,1,MSet(A=1,B=2)\nsame = n,Set(ARRAY(C,D)=3,4)\nsame = n,NoOp(${A}${B}${C}${D})',
  },
  {
    name: 'inheriting names',
    text: '[@]\nexten = s,1,Set(__X=1)\nsame = n,Set(_Y=2)\nsame = n,NoOp(${X}${Y}|${__X})',
  },
  {
    name: 'an empty value and blanks',
    text: '[@]\nexten = s,1,Set(X= a )\nsame = n,Set(Y=)\nsame = n,NoOp([${X}][${Y}])\nsame = n,Set(Z="q")\nsame = n,NoOp(${Z})',
  },
  {
    name: 'h runs at the end',
    text: '[@]\nexten = s,1,NoOp(a)\nsame = n,Hangup()\nexten = h,1,NoOp(h)\nsame = n,NoOp(h2)',
  },
  {
    name: 'EVAL and SET',
    text: '[@]\nexten = s,1,Set(A=${SET(B=5)})\nsame = n,NoOp(${A}${B}|${EVAL(${A})})',
  },
  {
    name: 'a global',
    text: '[globals]\n@G = 1\n[@]\nexten = s,1,NoOp(${@G})\nsame = n,Set(GLOBAL(@G)=2)\nsame = n,NoOp(${@G}|${GLOBAL(@G)})',
  },
  ...OPEN.map((times, at) => ({
    name: `an include whose times hold ${at}`,
    dial: '42',
    text: `[@]\ninclude = @a,${times}\ninclude = @b\n[@a]\nexten = 42,1,NoOp(a)\nsame = n,NoOp(a2)\n[@b]\nexten = 42,1,NoOp(b)`,
  })),
  ...CLOSED.map((times, at) => ({
    name: `an include whose times do not hold ${at}`,
    dial: '42',
    text: `[@]\ninclude = @a,${times}\ninclude = @b\n[@a]\nexten = 42,1,NoOp(a)\n[@b]\nexten = 42,1,NoOp(b)`,
  })),
  ...[...OPEN, ...CLOSED].map((times, at) => ({
    name: `GotoIfTime ${at}`,
    text: `[@]\nexten = s,1,GotoIfTime(${times}?yes:no)\nsame = n,NoOp(skipped)\nsame = n(yes),NoOp(yes)\nsame = n(no),NoOp(no)`,
  })),
  {
    name: 'GotoIfTime without a branch',
    text: `[@]\nexten = s,1,GotoIfTime(${CLOSED[0]}?yes)\nsame = n,GotoIfTime(${OPEN[0]}?:yes)\nsame = n,GotoIfTime(${OPEN[0]}?@,s,yes)\nsame = n,NoOp(skipped)\nsame = n(yes),NoOp(yes)`,
  },
  {
    name: 'ExecIfTime and IFTIME',
    text: `[@]\nexten = s,1,ExecIfTime(${OPEN[0]}?Set(X=open))\nsame = n,ExecIfTime(${CLOSED[0]}?Set(X=closed))\nsame = n,NoOp(\${X} \${IFTIME(${OPEN[1]}?yes:no)} \${IFTIME(${CLOSED[1]}?yes:no)})`,
  },
  {
    name: 'a switch to another context',
    dial: '42',
    text: '[@]\nexten = 41,1,NoOp(own)\nswitch = Loopback/§@b\n[@b]\nexten = _4X,1,NoOp(${CONTEXT} ${EXTEN})\nsame = n,NoOp(2)',
  },
  {
    name: 'own extensions before a switch, a switch before includes',
    dial: '42',
    text: '[@]\nexten = 41,1,NoOp(own)\nexten = 42,2,NoOp(own 2)\ninclude = @c\nswitch = Loopback/§@b\n[@b]\nexten = 42,1,NoOp(b)\n[@c]\nexten = 42,1,NoOp(c)\nexten = 42,2,NoOp(c2)',
  },
  {
    name: 'a switch to another number',
    dial: '42',
    text: '[@]\nlswitch = Loopback/1${EXTEN:1}§@b\n[@b]\nexten = _X.,1,NoOp(${CONTEXT} ${EXTEN})\nsame = n,NoOp(2)',
  },
  {
    name: 'a switch for some numbers',
    dial: '42',
    text: '[@]\nlswitch = Loopback/${EXTEN}§@b/_5X\nlswitch = Loopback/${EXTEN}§@c/_4X\n[@b]\nexten = _X.,1,NoOp(b)\n[@c]\nexten = _X.,1,NoOp(c)\nsame = n,NoOp(c2)',
  },
  {
    name: 'a switch that is evaluated at the call',
    text: '[@]\nexten = s,1,Set(WHERE=@b)\nsame = n,Goto(7,1)\neswitch = Loopback/${EXTEN}§${WHERE}\n[@b]\nexten = 7,1,NoOp(b)\nsame = n,NoOp(b2)',
  },
  {
    name: 'a switch to its own context ends the search',
    dial: '42',
    text: '[@]\nexten = 42,2,NoOp(own)\nswitch = Loopback/1\ninclude = @c\n[@c]\nexten = 42,1,NoOp(c)',
  },
  {
    name: 'an included context with a switch',
    dial: '42',
    text: '[@]\ninclude = @a\n[@a]\nswitch = Loopback/§@b\n[@b]\nexten = 42,1,NoOp(${CONTEXT})\nsame = n,Goto(43,1)\nexten = 43,1,NoOp(43)',
  },
  {
    name: 'AGI sets a variable',
    text: `[@]\nexten = s,1,${agi('set,one')}\nsame = n,NoOp(\${FOUND}|\${AGISTATUS})`,
  },
  {
    name: 'AGI reads a variable',
    text: `[@]\nexten = s,1,Set(X=a b)\nsame = n,${agi('copy')}\nsame = n,NoOp(\${COPY})\nsame = n,${agi('none')}\nsame = n,NoOp(\${COPY})\nsame = n,${agi('full')}\nsame = n,NoOp(\${COPY})`,
  },
  {
    name: 'AGI runs Goto',
    text: `[@]\nexten = s,1,${agi('goto')}\nsame = n,NoOp(skipped)\nexten = 7,1,NoOp(seven)`,
  },
  { name: 'AGI runs Set', text: `[@]\nexten = s,1,${agi('exec')}\nsame = n,NoOp(\${Y})` },
  {
    name: 'AGI sets the priority',
    text: `[@]\nexten = s,1,${agi('priority')}\nsame = n,NoOp(2)\nsame = n,NoOp(3)\nsame = n,NoOp(4)\nsame = n,NoOp(5)`,
  },
  {
    name: 'AGI sets the extension',
    text: `[@]\nexten = s,1,${agi('extension')}\nsame = n,NoOp(s)\nexten = other,2,NoOp(other)`,
  },
  {
    name: 'AGI sets the context',
    text: `[@]\nexten = s,1,${agi('context,@b')}\nsame = n,NoOp(s)\n[@b]\nexten = s,2,NoOp(b)`,
  },
  {
    name: 'AGI sets the caller',
    text: `[@]\nexten = s,1,${agi('caller')}\nsame = n,NoOp(\${CALLERID(num)})`,
  },
  {
    name: 'AGI and the database',
    text: `[@]\nexten = s,1,${agi('database,wdev@')}\nsame = n,NoOp(\${COPY})`,
  },
  {
    name: 'AGI and a command that is none',
    text: `[@]\nexten = s,1,${agi('unknown')}\nsame = n,NoOp(\${COPY})`,
  },
  {
    name: 'AGI hangs up',
    text: `[@]\nexten = s,1,${agi('hangup')}\nsame = n,NoOp(no)\nexten = h,1,NoOp(\${AGISTATUS})`,
  },
  { name: 'AGI fails', text: `[@]\nexten = s,1,${agi('fail')}\nsame = n,NoOp(\${AGISTATUS})` },
];
