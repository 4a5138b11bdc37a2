import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/check/catalogue.ts';
import type { RuleChecks } from '../../src/check/rule.ts';
import { CODES, MET_ROWS, RULE_ROWS, rowOf } from '../../src/findings/catalogue.ts';
import type { Finding, FindingCode } from '../../src/findings/finding.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { wdev } from '../support/wdev.ts';

describe('the catalogue of findings', () => {
  it('is closed: another code does not compile, nor does a check without a row', () => {
    // @ts-expect-error no row has this code
    const code: Finding['code'] = 'no-such-code';
    const step = 'other' as 'build' | 'other';
    // @ts-expect-error a code that is put together of parts must be one of the union too
    const made: FindingCode = `stage-${step}-failed`;
    const check = CATALOGUE[0]!;
    // @ts-expect-error no row has this code
    const checks: RuleChecks = { 'no-such-code': check };
    expect([code, made, checks]).toHaveLength(3);
  });

  it('has every code in one table', () => {
    const folder = path.join(packageRoot(), 'src/findings');
    const keys = readdirSync(folder).flatMap((file) =>
      [...readFileSync(path.join(folder, file), 'utf8').matchAll(/^ {2}'([\w-]+)': /gm)].map(
        ([, key]) => key,
      ),
    );
    expect(new Set(keys)).toEqual(new Set(CODES));
    expect(keys).toHaveLength(CODES.length);
    expect(CATALOGUE.map(({ code }) => code).sort()).toEqual(Object.keys(RULE_ROWS).sort());
  });

  it('says of each what, why, what to do and whose contract it is', () => {
    for (const code of CODES) {
      const { title, why, fix, source } = rowOf(code);
      for (const text of [title, why, fix, source]) expect(text.trim().length, code).toBeGreaterThan(2);
      expect(title.endsWith('.'), code).toBe(false);
      expect(why, code).toMatch(/[.)]$/);
    }
  });
});

describe('wdev check --explain', () => {
  it('explains a finding of another command, with how it comes about, what to do and the source', async () => {
    const { status, stdout } = await wdev(['check', '--explain', 'package-hollow']);
    const { title, why, fix, source, example } = MET_ROWS['package-hollow'];
    expect(status).toBe(0);
    const flat = stdout.replaceAll(/\s+/g, ' ');
    for (const text of [title, why, fix, source, example])
      expect(flat).toContain(text.replaceAll(/\s+/g, ' '));
  });

  it('knows every code, and suggests the nearest of one that there is not', async () => {
    const json = await wdev(['check', '--explain', 'rehearse-still-in-use', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      rules: [{ code: 'rehearse-still-in-use', level: 'error' }],
    });
    const wrong = await wdev(['check', '--explain', 'package-holow']);
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain('package-hollow');
    expect((await wdev(['check', '--rules'])).stdout).toContain(
      `${CODES.length - CATALOGUE.length} findings`,
    );
  });
});
