import { describe, expect, test } from 'vitest';
import { DIALPLAN_EXAMPLES } from '../../../src/check/rules/dialplan.ts';
import { RULE_ROWS } from '../../../src/findings/catalogue.ts';
import { lintDialplan } from '../../../src/dialplan/lint/lint.ts';

const FOLDER = '/etc/asterisk/extensions_extra.d/';

function lint(content: string, base = 'acme.conf'): ReturnType<typeof lintDialplan> {
  return lintDialplan([
    { name: `etc/asterisk/extensions_extra.d/${base}`, installed: FOLDER + base, content },
  ]);
}

const rules = (Object.keys(DIALPLAN_EXAMPLES) as (keyof typeof DIALPLAN_EXAMPLES)[]).map((code) => {
  return { code, ...RULE_ROWS[code], ...DIALPLAN_EXAMPLES[code] };
});

describe('the catalogue', () => {
  test.each(rules.map((rule) => [rule.code, rule] as const))(
    '%s: its bad example has it, the good one does not',
    (code, rule) => {
      const [bad, good] =
        code === 'dialplan-backup-file' ? ['acme.conf~', 'acme.conf'] : ['acme.conf', 'acme.conf'];
      const found = lint(rule.bad, bad).filter((one) => one.code === code);
      expect(found).not.toEqual([]);
      expect(found[0]?.level).toBe(rule.level);
      expect(found[0]?.file).toBe(`etc/asterisk/extensions_extra.d/${bad}`);
      expect(lint(rule.good, good).filter((one) => one.level === 'error')).toEqual([]);
      expect(lint(rule.good, good).filter((one) => one.code === code)).toEqual([]);
    },
  );

  test('every text ends well and has an example', () => {
    for (const rule of rules) {
      expect(rule.title, rule.code).toMatch(/[^.]$/);
      expect(rule.fix, rule.code).toMatch(/\.$/);
      expect(rule.why, rule.code).toMatch(/\.$/);
    }
  });
});

test('no context is proposed to include itself', () => {
  const text = '[acme]\ninclude = acme-b\nexten = s,1,Return()\n';
  expect(lint(text).map(({ message }) => message)).toEqual([
    expect.stringMatching(/Context 'acme' tries to include nonexistent context 'acme-b'$/),
  ]);
  expect(lint(`${text}[acme-bb]\nexten = s,1,Return()\n`).map(({ message }) => message)).toEqual([
    expect.stringMatching(/did you mean "acme-bb"\?$/),
  ]);
});

test('the comma that the remedy of too many arguments shows is none of a call', () => {
  const [comma] = /\S+,/.exec(RULE_ROWS['dialplan-extra-argument'].fix.replace('argument, ', '')) ?? [];
  const playback = (inner: string): string => `[acme]\nexten = s,1,Playback(a,noanswer${inner}b)\n`;
  const codes = (inner: string): string[] => lint(playback(inner)).map(({ code }) => code);
  expect(codes(',')).toContain('dialplan-extra-argument');
  expect(codes(comma ?? ',')).not.toContain('dialplan-extra-argument');
});

test('findings name the line and column in the author’s file, whatever Asterisk counts', () => {
  const files = ['a', 'b'].map((name) => ({
    name: `${name}.conf`,
    installed: `${FOLDER}${name}.conf`,
    content: `; ${name}\n[${name}]\n  exten = s,1,Nope()\n`,
  }));
  expect(lintDialplan(files).map(({ file, line, column }) => `${file}:${line}:${column}`)).toEqual([
    'a.conf:3:15',
    'b.conf:3:15',
  ]);
});

test('an application that Asterisk removed is gone, and not just unknown', () => {
  for (const name of ['Macro', 'MONITOR', 'MeetMe', 'SIPAddHeader', 'SetMusicOnHold'])
    expect(lint(`[acme]\nexten = s,1,${name}(acme)\n`), name).toMatchObject([
      { code: 'dialplan-gone-application', level: 'error', line: 2 },
    ]);
});

test('two plugins that claim the same extension', () => {
  const content = '[xivo-extrafeatures]\nexten = ***42,1,Hangup()\n';
  const files = ['one', 'two'].map((name) => ({
    name: `${name}/x.conf`,
    installed: `${FOLDER}${name}.conf`,
    content,
  }));
  expect(lintDialplan(files)).toMatchObject([
    { code: 'dialplan-duplicate-priority', file: 'two/x.conf', line: 2 },
  ]);
});

test('a dialplan as the documentation shows it has no finding', () => {
  const text = `[xivo-extrafeatures]
exten = ***42,1,Gosub(acme-hello,s,1)
same  =       n,Hangup()

[acme-hello]
exten = s,1,Answer()
same  =   n,GotoIf($["\${CALLERID(num)}" = "100"]?vip)
same  =   n,Playback(hello-world)
same  =   n,Return()
same  =   n(vip),Gosub(wazo-add-pre-dial-hook,s,1(acme-predial))
same  =   n,ExecIf($[\${LEN(\${WAZO_CALLOPTIONS})} > 0]?Set(X=\${WAZO_CALLOPTIONS:1}))
same  =   n,Dial(Local/s@acme-predial/n,30,tT)
same  =   n,Return()

[acme-predial]
exten = s,1,Set(PJSIP_HEADER(add,X-Acme)=1)
same  =   n,Return()
`;
  expect(lint(text)).toEqual([]);
});

describe('sections that a server opens', () => {
  const codes = (text: string, base?: string): readonly string[] =>
    lint(text, base).map(({ code, level }) => `${level} ${code}`);
  const EXTRA = '[xivo-extrafeatures](+)\nexten = ***42,1,Answer()\nsame = n,Hangup()\n';

  test('[xivo-extrafeatures](+) ends the load, but in a file behind xivo-extrafeatures.conf', () => {
    expect(codes(EXTRA, 'hello.conf')).toEqual(['error dialplan-unknown-addition']);
    expect(codes(EXTRA, 'zz-hello.conf')).toEqual([]);
    expect(codes(EXTRA.replace('(+)', ''), 'hello.conf')).toEqual([]);
  });

  test.each(['default', 'xivo-features', 'globals'])('[%s] is open before every plugin', (name) => {
    expect(codes(`[${name}](+)\n`)).toEqual([]);
  });

  test('a context of the library comes later; one that no file has may be the server’s', () => {
    expect(codes('[xivo-subrgbl-user](+)\n')).toEqual(['error dialplan-unknown-addition']);
    expect(codes('[from-extern](+)\nexten = 1,x,NoOp()\n')).toEqual([
      'warning dialplan-unknown-addition',
      'error dialplan-bad-priority',
    ]);
    expect(codes('[acme](+)\nexten = 1,1,Hangup()\n[acme]\n')).toEqual(['error dialplan-unknown-addition']);
  });
});

describe('where calls come to', () => {
  const unreached = (lines: string): readonly number[] =>
    lint(`[acme]\n${lines}`)
      .filter(({ code }) => /unreachable|gap|no-first/.test(code))
      .map(({ line = 0 }) => line - 1);

  test.each([
    ['a number', 'exten = s,1,GotoIf(1?4)\nsame = n,NoOp()\nsame = n,Hangup()\nsame = n,NoOp()\n'],
    ['a number from another extension', 'exten = s,1,Hangup()\nsame = n,NoOp()\nexten = 7,1,Goto(s,2)\n'],
    ['a number to a pattern', 'exten = _1X,1,Hangup()\nsame = n,NoOp()\nexten = 7,1,Goto(12,2)\n'],
    ['a number counted on', 'exten = s,1,GotoIf(1?+2)\nsame = n,Hangup()\nsame = n,NoOp()\n'],
    ['what only the call knows', 'exten = s,1,Hangup()\nsame = n,NoOp()\nexten = 7,1,Goto(s,${P})\n'],
    ['an option of Dial', 'exten = s,1,Dial(PJSIP/a,,G(acme^7^1))\nexten = 7,1,Hangup()\nsame = n,NoOp()\n'],
    ['a script', 'exten = s,1,AGI(a.sh)\nsame = n,Hangup()\nsame = n,NoOp()\n'],
    ['a number over a gap', 'exten = s,1,Goto(9)\nexten = s,9,Hangup()\n'],
  ])('%s leads there', (_what, lines) => {
    expect(unreached(lines)).toEqual([]);
  });

  test.each(['Stasis(acme)', 'Transfer(100)', 'EndWhile()', 'Dial(PJSIP/a)'])('%s returns', (call) => {
    expect(unreached(`exten = s,1,${call}\nsame = n,NoOp()\n`)).toEqual([]);
  });

  test.each(['Hangup()', 'Goto(s,1)', 'Return()', 'Busy(5)', 'Congestion()', 'ExitWhile()'])(
    '%s ends',
    (call) => {
      expect(unreached(`exten = s,1,${call}\nsame = n,NoOp()\nsame = n,Hangup()\n`)).toEqual([2]);
    },
  );

  test('a jump to an extension that another file may have is no error, one to a label is', () => {
    const found = lint(
      '[acme]\nexten = s,1,Goto(7,1)\nexten = t,1,Goto(away)\n[own]\nexten = s,1,Goto(9,1)\nexten = i,1,Hangup()\n',
    );
    expect(found.map(({ level, line }) => `${level} ${line}`)).toEqual(['warning 2', 'error 3']);
  });

  test('a context that the server is known to have is no finding', () => {
    const text = '[acme]\ninclude = from-extern\nexten = s,1,Goto(from-extern,1,1)\n';
    const file = { name: 'a.conf', installed: `${FOLDER}a.conf`, content: text };
    expect(lintDialplan([file]).map(({ code }) => code)).toEqual([
      'dialplan-unknown-include',
      'dialplan-unknown-context',
    ]);
    expect(lintDialplan([file], { contexts: new Set(['from-extern']) })).toEqual([]);
  });
});
