import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/git/sources.ts';
import type { StagedTree } from '../../src/stage/tree.ts';
import type { EffectOutcome } from '../../src/effects/module.ts';
import { PJSIP_RELOAD } from '../../src/effects/pjsip.ts';
import { judgePjsip } from '../../src/effects/evidence/pjsip.ts';
import { readServiceLog } from '../../src/effects/evidence/service-log.ts';

const MADE = '[transport-udp]\ntype = transport\n';

const DONE = { plugins: ['demo'], status: 0, output: '', log: '', ms: 1 };

function reload(pjsip: string | undefined, command = PJSIP_RELOAD): EffectOutcome<'console'> {
  return {
    ...DONE,
    do: 'console',
    effect: { do: 'console', command },
    shows: new Map(),
    pjsip,
    isLogged: true,
  };
}

function made(filename: string, isNew = true): EffectOutcome<'generate'> {
  const effect = { do: 'generate', resource: 'asterisk', filename } as const;
  return { ...DONE, do: 'generate', effect, output: MADE, before: '', isNew };
}

describe('what Asterisk read of a pjsip.conf that a driver made', () => {
  it.each<readonly [string, string, string]>([
    ['did not ask for it', '', 'Asterisk did not ask for the new pjsip.conf'],
    ['read another text', '[other]\n', 'Asterisk read another pjsip.conf than the driver had just made'],
  ])('is a failure when it %s', (_what, before, said) => {
    const { findings, loaded } = judgePjsip(reload(before), [made('pjsip.conf')]);
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'pjsip-not-read',
        level: 'error',
        message: expect.stringContaining(said),
      }),
    ]);
    expect(loaded).toEqual([]);
  });

  it('is told when it is the very text', () => {
    expect(judgePjsip(reload(MADE), [made('pjsip.conf')])).toEqual({
      findings: [],
      loaded: ['asterisk/pjsip.conf: read by Asterisk'],
    });
  });

  it.each<readonly [string, EffectOutcome<'console'>, EffectOutcome]>([
    ['another file was made', reload(''), made('sip.conf')],
    ['no file of Asterisk includes it', reload(undefined), made('pjsip.conf')],
    ['the driver made nothing new', reload(''), made('pjsip.conf', false)],
    ['something else was reloaded', reload('', 'dialplan reload'), made('pjsip.conf')],
  ])('is not asked when %s', (_what, told, generated) => {
    expect(judgePjsip(told, [generated])).toEqual({ findings: [], loaded: [] });
  });
});

describe('a driver that needs the database of a server', () => {
  const PATH = '/usr/lib/python3/dist-packages/demo_confgend/driver.py';
  const bytes = Buffer.from('from xivo_dao import queue_dao\n');
  const tree: StagedTree = new Map([
    [PATH, { path: PATH, mode: 0o644, hash: sha256(bytes), bytes, source: 'demo_confgend/driver.py' }],
  ]);
  const log = (module: string): string => `Traceback (most recent call last):
  File "/usr/bin/wazo-confgend", line 200, in answer
  File "${PATH}", line 1, in <module>
    from ${module} import queue_dao
ModuleNotFoundError: No module named '${module}'
`;

  it('is told that the target has none, at the line that asks for it', () => {
    expect(readServiceLog(log('xivo_dao'), tree)).toEqual([
      expect.objectContaining({
        code: 'confgend-no-database',
        level: 'error',
        message: expect.stringContaining('the target has no xivo_dao'),
        file: 'demo_confgend/driver.py',
        line: 1,
      }),
    ]);
  });

  it('is not mistaken for one that needs another module', () => {
    const codes = readServiceLog(log('xivo_daolike'), tree).map(({ code }) => code);
    expect(codes).not.toContain('confgend-no-database');
  });
});
