import { describe, expect, it } from 'vitest';
import { CODES } from '../../src/findings/catalogue.ts';
import { judgePlugins } from '../../src/check/check.ts';
import { CATALOGUE } from '../../src/check/catalogue.ts';
import { SOUND_PLUGIN } from '../../src/check/examples.ts';
import { applyEdits } from '../../src/check/fix.ts';
import type { Example } from '../../src/check/rule.ts';
import type { CheckedFile, CheckedFiles } from '../../src/readers/source-text.ts';
import type { Plugin } from '../../src/kinds/plugin.ts';

const PLUGIN: Plugin = {
  kind: 'stack',
  dir: '/plugin',
  id: 'acme/hello',
  name: 'hello',
  namespace: 'acme',
  version: '1.0.0',
};

function filesOf(example: Pick<Example, 'files' | 'modes' | 'links'>): CheckedFiles {
  const texts = { ...SOUND_PLUGIN, ...example.files };
  const links = Object.entries(example.links ?? {}).map(
    ([path, link]) => [path, { path, mode: 0o777, link, bytes: Buffer.alloc(0) }] as const,
  );
  const files = Object.entries(texts)
    .filter((entry): entry is [string, string] => entry[1] !== null)
    .map(([path, text]) => {
      const mode = example.modes?.[path] ?? (path === 'wazo/rules' ? 0o755 : 0o644);
      return [path, { path, mode, bytes: Buffer.from(text) }] as const;
    });
  return new Map<string, CheckedFile>([...files, ...links]);
}

async function judgeExample(example: Example) {
  const kind = example.kind ?? 'stack';
  const plugin = { plugin: { ...PLUGIN, kind }, sources: filesOf(example), git: example.git };
  const named = example.beside?.['wazo/plugin.yml']?.includes('name: other') === true;
  const other: Plugin = { ...PLUGIN, dir: '/other', ...(named ? { id: 'acme/other', name: 'other' } : {}) };
  const before =
    example.beside === undefined ? [] : [{ plugin: other, sources: filesOf({ files: example.beside }) }];
  const judged = await judgePlugins([...before, plugin], {
    debian: example.debian,
    engine: example.engine,
    pythons: example.withoutPython ? [] : undefined,
  });
  return judged.at(-1)!;
}

async function codesOf(example: Example): Promise<readonly string[]> {
  return (await judgeExample(example)).judgements.map(({ finding }) => finding.code);
}

describe('the catalogue', () => {
  it('has every code once, in the form that suppression comments take', () => {
    const codes = CATALOGUE.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of CODES) expect(code).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/);
  });

  it('says of each rule what, why, whose contract and what to do', () => {
    for (const rule of CATALOGUE) {
      for (const text of [rule.title, rule.why, rule.source, rule.fix, rule.bad.shown, rule.good.shown])
        expect(text.trim().length, rule.code).toBeGreaterThan(2);
      expect(rule.title.endsWith('.'), rule.code).toBe(false);
      expect(rule.seen ?? 0, rule.code).toBeLessThanOrEqual(126);
    }
  });

  it('has nothing to say of a sound plugin', async () => {
    expect(await codesOf({ files: {}, shown: '' })).toEqual([]);
  });
});

describe.each(CATALOGUE.map((rule) => [rule.code, rule] as const))('%s', (code, rule) => {
  it('is found in its bad example, with a place', async () => {
    const { judgements } = await judgeExample(rule.bad);
    const own = judgements.filter(({ finding }) => finding.code === code);
    expect(own, judgements.map(({ finding }) => finding.code).join()).not.toEqual([]);
    expect(own[0]?.finding.level, 'the example shows the level of the rule').toBe(rule.level);
    for (const { finding } of own) {
      expect(finding.message.endsWith('.')).toBe(false);
      expect(finding.file).toBeTruthy();
    }
  });

  it('is not found in its good example, and nothing worse is', async () => {
    const { judgements } = await judgeExample(rule.good);
    const found = judgements.filter(({ finding }) => finding.level !== 'info' || finding.code === code);
    expect(found.map(({ finding }) => `${finding.code}: ${finding.message}`)).toEqual([]);
  });

  it('is gone once its fix is applied', async () => {
    const { subject, judgements } = await judgeExample(rule.bad);
    const fixes = judgements.filter(({ finding, edits }) => finding.code === code && edits.length > 0);
    if (fixes.length === 0) return;
    const files = { ...SOUND_PLUGIN, ...rule.bad.files };
    const modes = { ...rule.bad.modes };
    for (const fixed of applyEdits(
      subject.files,
      fixes.map(({ edits }) => edits),
    )) {
      files[fixed.file] = fixed.text ?? null;
      modes[fixed.file] = fixed.mode;
    }
    expect(await codesOf({ ...rule.bad, files, modes })).not.toContain(code);
  });
});
