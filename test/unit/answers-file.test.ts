import { describe, expect, it } from 'vitest';
import { parseAnswersFile } from '../../src/update/answers-file.ts';

const RECORD = {
  template: 'git+https://example.org/t.git#main:note',
  version: 2,
  pin: { wdev: '2.1.0-rc.1', commit: 'a'.repeat(40) },
  answers: { name: 'hello', parts: ['confd'], tests: true },
  package: 'wazo_hello',
};

function fileOf(record: unknown): string {
  return JSON.stringify(
    { 'generator-other': { any: [null] }, 'generator-wazo-plugin': record },
    undefined,
    2,
  );
}

describe('the answers file', () => {
  it('gives the record, without what is not known of it', () => {
    expect(parseAnswersFile(fileOf({ ...RECORD, run: ['evil'] }))).toEqual(RECORD);
    expect(parseAnswersFile(fileOf(undefined))).toBeUndefined();
    const pin = { wdev: '1.0.0', version: '1.2.3', integrity: `sha512-${'A'.repeat(86)}==` };
    expect(parseAnswersFile(fileOf({ ...RECORD, template: 'npm:@acme/t@^1.0', pin }))?.pin).toEqual(pin);
    expect(parseAnswersFile(fileOf({ ...RECORD, template: '../mine' }))?.template).toBe('../mine');
    // a built-in template of an earlier version
    expect(parseAnswersFile(fileOf({ ...RECORD, template: 'stak' }))?.template).toBe('stak');
  });

  it.each([
    [
      { pin: { wdev: 'http://example.org/../../.config/git' } },
      /^x:\d+: .*pin\.wdev must be an exact version/,
    ],
    [{ pin: { wdev: '>=1.0.0' } }, /pin\.wdev must be an exact version/],
    [{ pin: { wdev: '1.0.0\n' } }, /pin\.wdev must be an exact version/],
    [{ pin: { wdev: ['1.0.0'] } }, /pin\.wdev must be an exact version/],
    [{ pin: { commit: 'a'.repeat(40) } }, /pin needs wdev/],
    [{ pin: { wdev: '1.0.0', commit: 'main' } }, /pin\.commit must be a commit/],
    [{ pin: { wdev: '1.0.0', commit: '--upload-pack=x' } }, /pin\.commit must be a commit/],
    [{ pin: { wdev: '1.0.0', version: 'file:../x' } }, /pin\.version must be an exact version/],
    [{ pin: { wdev: '1.0.0', integrity: 'sha1-x' } }, /pin\.integrity must be a hash/],
    [{ pin: { wdev: '1.0.0', hash: '../../x' } }, /pin\.hash must be a hash/],
    [{ pin: { wdev: '1.0.0', folder: 'x' } }, /pin\.folder is an unknown key/],
    [{ pin: [] }, /pin must be a mapping/],
    [{ package: '../../outside' }, /package must be the name of a Python package/],
    [{ package: '' }, /package must be the name of a Python package/],
    [{ template: 'git+ext::sh -c x' }, /template cannot be used: .*is not an address/],
    [{ template: 'https://example.org/t.git' }, /template cannot be used: .*not a template/],
    [{ template: 'npm:t@file:../x' }, /template cannot be used/],
    [{ template: 'x'.repeat(3000) }, /template must be what --template takes/],
    [{ version: '2' }, /version must be a whole number/],
    [{ answers: { name: { toString: 'x' } } }, /answers\.name must be a text/],
    [{ answers: null }, /answers must be a mapping/],
  ])('refuses %j', (changed, message) => {
    const text = fileOf({ ...RECORD, ...changed });
    const key = Object.keys(changed)[0] ?? '';
    let told = '';
    try {
      parseAnswersFile(text, 'x');
    } catch (error) {
      told = (error as Error).message;
    }
    expect(told).toMatch(message);
    const line = Number(/^x:(\d+):/.exec(told)?.[1]);
    const first = text.split('\n').findIndex((row) => row.startsWith(`    "${key}"`)) + 1;
    expect(line).toBeGreaterThanOrEqual(first);
  });

  it('names the line at which it is no JSON', () => {
    expect(() => parseAnswersFile('{\n  "a": [1,\n}', 'x')).toThrow(/^x:\d+: it is not JSON/);
    expect(() => parseAnswersFile('[]', 'x')).toThrow(/^x:1: it is not an object/);
  });
});
