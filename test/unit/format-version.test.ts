import { describe, expect, it } from 'vitest';
import { readMetadata } from '../../src/kinds/plugin-metadata.ts';
import { checkPlugin } from '../../src/check/check.ts';

type Level = 'error' | 'warning' | undefined;

/** Verdicts of wazo-plugind's own schema, with marshmallow 3.10, 3.18 and 3.26; and whether postrm is called. */
const ROWS: readonly (readonly [string, Level, boolean?])[] = [
  ['0', undefined, false],
  ['1', undefined, true],
  ['2', undefined, true],
  ['0x1', undefined, true],
  ['1.0', undefined, true],
  ['0.0', undefined, false],
  // the schema cuts decimals off, and the template of postrm compares the number as it was written
  ['0.5', 'warning', true],
  ['2.9', 'warning', true],
  ['-0.5', 'warning', false],
  ['3', 'error'],
  ['3.0', 'error'],
  ['-1', 'error'],
  ['true', 'error'],
  ['no', 'error'],
  ['', 'error'],
  ['.nan', 'error'],
  ['.inf', 'error'],
  ['[1]', 'error'],
  ['2024-01-02', 'error'],
  ['"1"', 'error'],
  ['"1.0"', 'error'],
];

async function checked(manifest: string): Promise<Level> {
  const plugin = { kind: 'stack', dir: '/p', id: 'a/x', name: 'x', namespace: 'a', version: '1' } as const;
  const file = { path: 'wazo/plugin.yml', mode: 0o644, bytes: Buffer.from(manifest) };
  const found = await checkPlugin(plugin, new Map([[file.path, file]]));
  const level = found.find(({ code }) => code.startsWith('manifest-format-version'))?.level;
  return level === 'info' ? undefined : level;
}

describe('plugin_format_version', () => {
  it.each(ROWS)('%j is judged as wazo-plugind does, by check and by build', async (value, level, postrm) => {
    const manifest = `name: x\nnamespace: a\nversion: "1"\nplugin_format_version: ${value}\n`;
    expect(await checked(manifest)).toBe(level);
    const built = readMetadata(manifest);
    expect(built.ok).toBe(level !== 'error');
    expect(built.ok && built.metadata.callsPostrm).toBe(postrm ?? false);
  });
});
