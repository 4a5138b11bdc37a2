import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/check/catalogue.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { rulesPage } from '../docs/rules-page.ts';
import { TRAPS } from '../docs/traps.ts';

describe('src/check/RULES.md', () => {
  it('is what the catalogue says', async () => {
    await expect(rulesPage()).toMatchFileSnapshot(path.join(packageRoot(), 'src/check/RULES.md'));
  });

  it('names for each trap of the field a rule with a fixture, or why none can see it', () => {
    const codes = new Map(CATALOGUE.map((rule) => [rule.code, rule]));
    for (const { trap, rules, unseen } of TRAPS) {
      expect(rules.length > 0, trap).toBe(unseen === undefined);
      for (const code of rules) expect(codes.get(code)?.bad.shown.length ?? 0, code).toBeGreaterThan(0);
    }
    const seen = TRAPS.filter(({ unseen }) => unseen === undefined).length;
    process.stdout.write(`${seen} traps with a rule, ${TRAPS.length - seen} with a reason why not\n`);
  });

  it('covers every rule that the survey counted', () => {
    const covered = new Set(TRAPS.flatMap(({ rules }) => rules));
    // counted, but habits rather than traps of the survey's list
    const others = [
      'manifest-depends-on-editor',
      'manifest-depends-shape',
      'plugins-same-name',
      'plugins-same-package',
      'rules-folder-never-made',
      'rules-interpreter-unknown',
      'rules-not-a-case',
      'rules-pkgdir-unquoted',
      'file-not-packaged',
    ];
    const missing = CATALOGUE.filter(({ code, seen }) => (seen ?? 0) > 0 && !covered.has(code));
    expect(missing.map(({ code }) => code).sort()).toEqual(others.sort());
  });
});
