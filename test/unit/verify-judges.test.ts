import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/git/sources.ts';
import type { StagedTree } from '../../src/stage/tree.ts';
import { judgeConsole, NOTED } from '../../src/effects/evidence/console.ts';
import { CONSOLE } from '../../src/effects/console.ts';
import { GENERATE } from '../../src/effects/generate.ts';
import type { EffectOutcome, Judged } from '../../src/effects/module.ts';
import { PJSIP_RELOAD } from '../../src/effects/pjsip.ts';
import { RESTART } from '../../src/effects/restart.ts';
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
    ['did not ask for it', '', 'Asterisk did not read the new pjsip.conf'],
    ['read another text', '[other]\n', 'Asterisk read a different pjsip.conf than the driver just generated'],
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

it('the answer for a module that does not run proves its own file not, and what a driver made by its text', () => {
  const told = { ...reload(undefined, 'moh reload'), output: `\n${NOTED}\n` };
  expect(CONSOLE.proves?.(told, '/etc/asterisk/musiconhold.d/a.conf', new Map())).toBe(false);
  expect(CONSOLE.proves?.(told, '/usr/lib/python3/dist-packages/a/driver.py', new Map())).toBe(true);
});

describe('a log that is too long to be read', () => {
  const log = 'wdev: 3500000 bytes of this log were not read\n[Jan  1 00:00:00] NOTICE[1] x.c: y\n';
  const note = 'the log is too long to read: 3.5 MB skipped, so what was complained of there is not known';
  const judged: Judged = {
    tree: new Map(),
    before: new Map(),
    counts: new Map(),
    changed: [],
    outcomes: [],
  } as unknown as Judged;

  it('proves no reload of Asterisk, and the evidence says so', () => {
    const outcome = { ...reload(undefined, 'module reload res_musiconhold.so'), log };
    expect(CONSOLE.judge(outcome, judged).loaded).toEqual([`module reload res_musiconhold.so: ${note}`]);
    expect(CONSOLE.proves?.(outcome, '/etc/asterisk/musiconhold.conf', new Map())).toBe(false);
    expect(CONSOLE.proves?.({ ...outcome, log: '' }, '/etc/asterisk/musiconhold.conf', new Map())).toBe(true);
  });

  it('may hold the reason why something is not loaded, and the finding says so', () => {
    const staged = {
      path: '/etc/asterisk/extensions_extra.d/a.conf',
      source: 'a.conf',
      mode: 0o644,
      hash: '',
      bytes: Buffer.from('[a]\nexten = s,1,NoOp()\n'),
    };
    const outcome = { ...reload(undefined, 'dialplan reload'), log };
    const { findings } = CONSOLE.judge(outcome, { ...judged, tree: new Map([[staged.path, staged]]) });
    const said = `${note.charAt(0).toUpperCase()}${note.slice(1)}.`;
    expect(findings).not.toEqual([]);
    for (const finding of findings)
      expect(finding).toMatchObject({
        code: 'dialplan-not-loaded',
        help: expect.stringContaining(said) as string,
      });
    const { findings: whole } = CONSOLE.judge(
      { ...outcome, log: '' },
      { ...judged, tree: new Map([[staged.path, staged]]) },
    );
    expect(JSON.stringify(whole)).not.toContain('too long');
  });

  it.each([
    ['at the far end', log, note],
    ['here', 'x'.repeat(260_000), note.replace('3.5 MB', '60 kB')],
  ])('proves no restart of a service: cut %s', (_where, text, told) => {
    const outcome: EffectOutcome<'restart'> = {
      ...DONE,
      do: 'restart',
      effect: { do: 'restart', unit: 'wazo-calld' },
      log: text,
      journal: '',
      ended: '',
      came: undefined,
    };
    expect(RESTART.judge(outcome, judged).loaded).toEqual([`wazo-calld answers; ${told}`]);
    expect(RESTART.proves?.(outcome, '/etc/wazo-calld/conf.d/a.yml', new Map())).toBe(false);
    expect(RESTART.proves?.({ ...outcome, log: '' }, '/etc/wazo-calld/conf.d/a.yml', new Map())).toBe(true);
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
        message: expect.stringContaining('The driver needs xivo_dao, which the target does not have'),
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

describe('whose fault a line in the log of a service is', () => {
  const DIST = '/usr/lib/python3/dist-packages';
  const file = (path: string, text: string, source?: string) => {
    const bytes = Buffer.from(text);
    return [
      path,
      { path, mode: 0o644, hash: sha256(bytes), bytes, ...(source === undefined ? {} : { source }) },
    ] as const;
  };
  const tree: StagedTree = new Map([
    file(`${DIST}/acme/plugin.py`, 'import nonsense\n', 'acme/plugin.py'),
    file(`${DIST}/acme-1.0.egg-info/entry_points.txt`, '[wazo_calld.plugins]\nacme = acme.plugin:Plugin\n'),
  ]);
  const at = (text: string): string => `2026-11-29 10:00:00,000 [1] (ERROR) (xivo.plugin_helpers): ${text}\n`;
  const failed = (name: string, reason: string): string =>
    at(
      `Error in plugin namespace "wazo_calld.plugins" when loading module: "EntryPoint(name='${name}', value='${name}.plugin:Plugin', group='wazo_calld.plugins')"`,
    ) +
    `Traceback (most recent call last):\n  File "${DIST}/${name}/plugin.py", line 1, in <module>\nModuleNotFoundError: ${reason}\n`;
  const handler = `${at('Exception on /1.0/other [GET]')}Traceback (most recent call last):\n  File "/x/other.py", line 9, in get\nKeyError: 'unrelated'\n`;
  const read = (log: string): readonly string[] =>
    readServiceLog(log, tree).map(({ level, code, message, file, line }) =>
      [level, code, message, ...(file === undefined ? [] : [`${file}:${line}`])].join(' | '),
    );

  it('is the plugin’s own when its entry point is named, with the reason that follows there', () => {
    const [one, ...more] = read(`${failed('acme', "No module named 'nonsense'")}${handler}`);
    expect(one).toContain('error | service-import-failed | ');
    expect(one).toContain("No module named 'nonsense'");
    expect(one).toContain('acme/plugin.py:1');
    expect(one).not.toContain('unrelated');
    expect(more).toEqual([]);
  });

  it('is another’s when that is named, and fails nothing', () => {
    const found = readServiceLog(failed('vendor', "No module named 'theirs'"), tree);
    expect(found).toMatchObject([
      { level: 'warning', message: expect.stringContaining('Another plugin: the service cannot import ') },
    ]);
  });

  it('is another’s, too, when the plugin is as it was before, or gone', () => {
    const foreign = failed('vendor', "No module named 'theirs'");
    const own = failed('acme', "No module named 'acme'");
    const levels = (log: string, more: Parameters<typeof readServiceLog>[2]): readonly string[] =>
      readServiceLog(log, new Map(), more).map(({ level }) => level);
    expect(levels(`${foreign}${own}`, { before: tree })).toEqual(['warning', 'error']);
    // an entry point that was left behind
    expect(levels(`${foreign}${own}`, { isGone: true })).toEqual(['warning', 'error']);
    expect(levels(at("error calling 'vendor': no"), { isGone: true })).toEqual(['warning']);
    // nothing is known of it
    expect(levels(foreign, {})).toEqual(['error']);
  });

  it('is told of both when both fail, each with its own reason', () => {
    const found = read(
      failed('vendor', "No module named 'theirs'") + failed('acme', "No module named 'nonsense'"),
    );
    expect(found.map((line) => line.split(' | ')[0])).toEqual(['warning', 'error']);
    expect(found[1]).toContain("'nonsense'");
  });

  it('brings no second finding for what could not be imported', () => {
    const missing = at("entrypoint is missing for plugins: {'acme'}");
    expect(read(failed('acme', 'no') + missing)).toHaveLength(1);
    expect(read(missing)).toEqual([expect.stringContaining('error | service-entry-point-missing')]);
    expect(read(at("entrypoint is missing for plugins: {'vendor'}"))).toEqual([
      expect.stringContaining('warning | service-entry-point-missing'),
    ]);
  });

  it('is another’s when load() of another raised', () => {
    expect(read(at("error calling 'vendor': no"))[0]).toMatch(/^warning/);
    expect(read(at("error calling 'acme': no"))[0]).toMatch(/^error/);
  });
});

describe('a generated file', () => {
  const judged: Judged = {
    tree: new Map(),
    manifest: undefined,
    counts: new Map(),
    changed: [],
    before: new Map(),
    outcomes: [],
  };

  it('without a section that a server has in it is told, once', () => {
    const stock = '[general]\nparkext = 700\n[featuremap]\natxfer = *3\n';
    const outcome = { ...made('features.conf'), before: stock, output: '[general]\nparkext = 701\n' };
    const { findings, loaded } = GENERATE.judge(outcome, judged);
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'generated-section-gone',
        level: 'warning',
        message: expect.stringContaining('featuremap') as string,
      }),
    ]);
    expect(loaded).toHaveLength(1);
    const again = { ...outcome, before: outcome.output };
    expect(GENERATE.judge(again, judged).findings).toEqual([]);
  });

  it('of which Asterisk refuses a line is a failure that names the line', () => {
    const log =
      "[Nov 29 10:00:00] WARNING[77]: config.c:2199 process_text_line: No '=' (equal sign) in line 2 of /var/tmp/exec.1700.ab";
    const told = { ...reload(undefined, 'module reload features'), log };
    const { findings } = judgeConsole(new Map(), told, new Map(), [made('features.conf')]);
    expect(findings).toMatchObject([
      {
        code: 'asterisk-rejected-line',
        level: 'error',
        message: expect.stringContaining('line 2 of asterisk/features.conf ("type = transport")') as string,
      },
    ]);
    expect(judgeConsole(new Map(), told, new Map(), []).findings).toEqual([]);
  });
});

it('finds the line at which load() raised, which stevedore logs behind saying so', () => {
  const file = '/usr/lib/python3/dist-packages/demo_py/calld/plugin.py';
  const head = '2026-11-29 15:00:00,123 [88] (ERROR) (stevedore.extension):';
  const log = `${head} error calling 'demo_py': odd\n${head} odd\nTraceback (most recent call last):\n  File "${file}", line 16, in load\n    raise ValueError('odd')\nValueError: odd\n${head} more\n`;
  const bytes = Buffer.from('');
  const tree: StagedTree = new Map([[file, { path: file, mode: 0o644, hash: '', bytes }]]);
  expect(readServiceLog(log, tree)).toMatchObject([{ code: 'service-load-failed', file, line: 16 }]);
});
