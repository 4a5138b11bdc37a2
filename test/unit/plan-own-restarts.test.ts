import { describe, expect, it } from 'vitest';
import type { Effect } from '../../src/wazo/effect.ts';
import { ownRestarts } from '../../src/effects/own-restarts.ts';

const RULES: Effect = { do: 'rules' };
const restart = (unit: string): Effect => ({ do: 'restart', unit });
const RELOAD: Effect = { do: 'command', argv: ['systemctl', 'daemon-reload'], rank: -20 };
const GENERATE: Effect = { do: 'generate', resource: 'asterisk', filename: 'acme.conf' };

describe('restarts that rules may have done', () => {
  it.each<[string, readonly Effect[], readonly string[]]>([
    ['none without rules', [restart('wazo-calld')], []],
    [
      'those behind them',
      [RULES, restart('wazo-confd'), restart('wazo-calld')],
      ['wazo-confd', 'wazo-calld'],
    ],
    ['those behind the last of them', [RULES, RULES, restart('wazo-calld')], ['wazo-calld']],
    ['none behind a program that comes first', [RULES, RELOAD, restart('wazo-calld')], []],
    [
      'those behind a check that changes nothing',
      [RULES, { do: 'call-logger' }, restart('call-logger')],
      ['call-logger'],
    ],
    ['those before a generated file', [RULES, restart('wazo-confgend'), GENERATE], ['wazo-confgend']],
  ])('%s', (_what, effects, units) => {
    expect(ownRestarts(effects.map((effect) => ({ effect })))).toEqual(units);
  });
});
