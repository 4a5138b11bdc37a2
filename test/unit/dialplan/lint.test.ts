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

test('findings name the line and column in the author’s file, whatever Asterisk counts', () => {
  const files = ['a', 'b'].map((name) => ({
    name: `${name}.conf`,
    installed: `${FOLDER}${name}.conf`,
    content: `; ${name}\n[${name}]\n  exten = s,1,Nope()\n`,
  }));
  expect(lintDialplan(files).map(({ file, line, column }) => `${file}:${line}:${column}`)).toEqual([
    'a.conf:3:3',
    'b.conf:3:3',
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
