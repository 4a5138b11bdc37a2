import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PlannedEffect } from '../../src/effects/change.ts';
import { readOutcomes } from '../../src/effects/outcomes.ts';
import { EFFECTS, effectLabel } from '../../src/effects/registry.ts';
import { effectScripts } from '../../src/effects/scripts.ts';
import { splitSections } from '../../src/effects/sections.ts';
import type { Effect, EffectKind } from '../../src/wazo/effect.ts';

/** An effect of each kind. */
const SAMPLES: { readonly [K in EffectKind]: Effect<K> } = {
  console: { do: 'console', command: 'dialplan reload' },
  restart: { do: 'restart', unit: 'wazo-calld' },
  command: { do: 'command', argv: ['printf', '%s', "it's"], rank: 50 },
  generate: { do: 'generate', resource: 'asterisk', filename: 'pjsip.conf' },
  rules: { do: 'rules' },
  'call-logger': { do: 'call-logger' },
};

const PLACES = { asteriskLog: '/var/log/asterisk/full', callLogger: undefined };

/** A stand-in for library.sh: every question to a target is answered by its own words. */
const LIBRARY = `S=. R=.
wdev_section() { printf '\\nMARK:%s\\n' "$1"; }
wdev_status() { return "$1"; }
for f in console log log_from log_end restart await rules audit before_rules by_rules; do
  eval "wdev_$f() { echo \\"$f \\$*\\"; }"
done
wazo-confgen() { echo "confgen $*"; }`;

function runAll(effects: readonly Effect[], contexts: readonly string[] = []): string {
  const planned = effects.map((effect): PlannedEffect => ({
    effect,
    plugins: ['demo/a'],
    because: 'a test',
  }));
  const scripts = effectScripts(PLACES, { effects: planned, changes: [], contexts });
  const folder = mkdtempSync(path.join(os.tmpdir(), 'wdev-test-'));
  try {
    const text = execFileSync('bash', ['-c', `${LIBRARY}\n${scripts.join('; ')}`], { cwd: folder });
    expect(readdirSync(folder)).toEqual([]);
    const outcomes = readOutcomes(planned, splitSections(text.toString('utf8'), 'MARK'));
    expect(outcomes.map(({ do: kind, status }) => [kind, status])).toEqual(
      effects.map((effect) => [effect.do, 0]),
    );
    return text.toString('utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('every kind of effect', () => {
  it('answers its own script, whatever runs beside it', () => {
    runAll(Object.values(SAMPLES));
  });

  it.each(Object.values(SAMPLES))('$do is one effect by its label', (effect) => {
    expect(effectLabel(effect)).not.toBe('');
    const others = Object.values(SAMPLES).filter((other) => other !== effect);
    expect(others.map((other) => effectLabel(other))).not.toContain(effectLabel(effect));
  });

  it('is undone by what exists', () => {
    expect(EFFECTS.generate.undo.removal(SAMPLES.generate)).toEqual({
      do: 'command',
      argv: ['wazo-confgen', '--invalidate', 'asterisk/pjsip.conf'],
      rank: 300,
    });
    expect(EFFECTS.rules.undo).toMatchObject({ isRepeated: false });
  });

  it('runs nothing that the name of a context says', () => {
    const context = '$(touch x); touch y';
    expect(runAll([SAMPLES.console], [context])).toContain(`MARK:show:0:${context}`);
  });
});
