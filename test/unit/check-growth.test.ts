import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/check/judge.ts';
import { readSubject } from '../../src/check/subject.ts';
import { readRules, type RulesScript } from '../../src/readers/shell/rules-script.ts';
import { SourceText } from '../../src/readers/source-text.ts';
import { lineReader } from '../../src/terminal/source-lines.ts';
import { tempFolder } from '../support/temp.ts';

/** A script whose build does `body`, with functions before. */
function script(body: string, functions = ''): RulesScript {
  const text = `#!/bin/sh\nset -e\n${functions}case "$1" in\nbuild)\n${body}\n;;\npackage|install|uninstall) ;;\nesac\n`;
  return readRules(new SourceText('wazo/rules', text, 0o755));
}

function followed({ branches }: RulesScript): number {
  return [...(branches?.values() ?? [])].reduce((sum, { commands }) => sum + commands.length, 0);
}

function lines(count: number, line: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => `${line(at + 1)}\n`).join('');
}

/** The most that a size may have over the one that is a quarter of it. */
const RATIO = 5;

const GROWING: Readonly<Record<string, (size: number) => RulesScript>> = {
  'functions that call the next one twice': (size) =>
    script(
      'f1',
      `${lines(size * 10, (at) => `f${at}() { f${at + 1}; f${at + 1}; }`)}f${size * 10 + 1}() { true; }\n`,
    ),
  'calls with another argument each time': (size) =>
    script(
      'f1 a',
      lines(size * 10, (at) => `f${at}() { f${at + 1} "$1a"; f${at + 1} "$1b"; }`),
    ),
  'calls under another condition each time': (size) =>
    script(
      'f1',
      lines(size * 10, (at) => `f${at}() { if a; then f${at + 1}; else f${at + 1}; fi; }`),
    ),
  'loops within loops': (size) =>
    script(
      `${lines(size * 3, (at) => `for x${at} in 1 2 3 4 5 6 7 8; do`)}true\n${lines(size * 3, () => 'done')}`,
    ),
  'a value that doubles': (size) => script(`a=aa\n${lines(size * 10, () => 'a="$a$a"')}cp "$a" b`),
  'patterns of one branch': (size) =>
    script(
      `:\n;;\n${lines(size * 20, (at) => `x${at}|`).replaceAll('\n', '')}y)\n${lines(size * 20, () => 'true')}`,
    ),
};

describe('reading rules takes as long as they are', () => {
  it.each(Object.entries(GROWING))('%s', (_, make) => {
    const [one, four, sixteen] = [1, 4, 16].map((size) => followed(make(size))) as [number, number, number];
    // what is repeated is bounded, what is written is not
    expect(four).toBeLessThanOrEqual(one * RATIO + 2500);
    expect(sixteen).toBeLessThanOrEqual(four * RATIO);
  });

  it('a chain that is short is followed to its end, and a long one says that it is not', () => {
    const chain = (size: number): RulesScript =>
      script(
        'f1',
        `${lines(size, (at) => `f${at}() { f${at + 1}; f${at + 1}; }`)}f${size + 1}() { touch a; }\n`,
      );
    expect(chain(8).branches?.get('build')).toMatchObject({ isWhole: true });
    expect(chain(8).branches?.get('build')?.commands).toHaveLength(256);
    expect(chain(30).branches?.get('build')).toMatchObject({ isWhole: false });
    expect(
      chain(30)
        .branches?.get('build')
        ?.commands.some(({ name }) => name === 'touch'),
    ).toBe(true);
  });

  it('after a call that is not followed, no variable of the script is known', () => {
    const functions = `${lines(20, (at) => `f${at}() { f${at + 1}; f${at + 1}; }`)}f21() { where=/b; }\n`;
    const commands = script('where=/a\nf1\ncp x "$where"', functions).branches?.get('build')?.commands;
    expect(commands?.at(-1)).toMatchObject({ name: 'cp' });
    expect(commands?.at(-1)?.words[1]?.value).toBeUndefined();
  });

  it('a finding in each line reads the file once', () => {
    const reads = { text: 0 };
    const judged = (count: number): number => {
      const text = `#!/bin/sh\ncase "$1" in\nbuild|install|uninstall) ;;\npackage)\n${lines(count, () => 'systemctl restart wazo-calld # wdev')};;\nesac\n`;
      const file = new SourceText('wazo/rules', text, 0o755);
      const counted = new Proxy(file, {
        get: (target, key) => {
          reads.text += key === 'text' || key === 'lines' ? 1 : 0;
          const value: unknown = Reflect.get(target, key, target);
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        },
      });
      const plugin = {
        kind: 'stack',
        dir: '/p',
        id: 'a/b',
        name: 'b',
        namespace: 'a',
        version: '1',
      } as const;
      const subject = readSubject({ plugin, files: new Map([['wazo/rules', counted]]), debian: 12 });
      return judge(subject).length;
    };
    const few = judged(100);
    const before = reads.text;
    expect(judged(1600)).toBeGreaterThan(few * 9);
    expect(reads.text - before).toBeLessThanOrEqual(before * 2);
  });

  it('a report reads a file once, however many findings it has there', () => {
    const folder = tempFolder();
    writeFileSync(path.join(folder, 'rules'), 'one\ntwo\n');
    const read = lineReader(folder);
    expect(read('rules', 1)).toBe('one');
    rmSync(path.join(folder, 'rules'));
    expect(read('rules', 2)).toBe('two');
  });
});
