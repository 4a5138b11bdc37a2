import { array, assert, constantFrom, oneof, property, string } from '../support/fast-check.ts';
import { describe, expect, it } from 'vitest';
import { githubReport } from '../../src/check/formats/github.ts';
import { jsonReport } from '../../src/check/formats/json.ts';
import { junitReport } from '../../src/check/formats/junit.ts';
import { sarifReport } from '../../src/check/formats/sarif.ts';
import { completionLines } from '../../src/manual/completer.ts';
import { jsonText, visible } from '../../src/support/visible.ts';
import { run } from '../../src/support/run.ts';

/** Characters that a terminal obeys, hides or reorders. */
const HOSTILE = [
  ['\u001b[31mred\u001b[0m', String.raw`\x1b[31mred\x1b[0m`],
  ['\u001b]0;title\u0007', String.raw`\x1b]0;title\x07`],
  ['\u009b2J', String.raw`\u009b2J`],
  ['a\nwdev: all is well', String.raw`a\nwdev: all is well`],
  ['a\rb\tc\u0000\u007f', String.raw`a\rb\tc\x00\x7f`],
  ['user\u202egpj.exe', String.raw`user\u202egpj.exe`],
  ['\u2066left\u2069', String.raw`\u2066left\u2069`],
  ['zero\u200bwidth\u2060\ufeff', String.raw`zero\u200bwidth\u2060\ufeff`],
  ['soft\u00adhyphen\u3164', String.raw`soft\u00adhyphen\u3164`],
  ['tag\u{e0041}', String.raw`tag\u{e0041}`],
  ['line\u2028paragraph\u2029', String.raw`line\u2028paragraph\u2029`],
  ['caf\udce9', String.raw`caf\xe9`],
  ['\ud800', String.raw`\ud800`],
  ['x\ufe0fy\u200dz', String.raw`x\ufe0fy\u200dz`],
  [`Z${'\u0301'.repeat(6)}`, `Z${'\u0301'.repeat(4)}${String.raw`\u0301\u0301`}`],
] as const;

/** Writing of people, which stays as it is. */
const KEPT = [
  '',
  'plain text, 100 %',
  'Größe – „naïve“ 日本語 עברית ไทย',
  'e\u0301',
  '☎️ ok',
  '👩\u200d💻',
  '👍🏽',
];

const RAW = /[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]/u;

const text = oneof(
  string({ unit: 'binary' }),
  array(constantFrom(...HOSTILE.map(([hostile]) => hostile), 'word ', '%', '<', '"', '::')).map((parts) =>
    parts.join(''),
  ),
);

describe('text of others', () => {
  it.each(HOSTILE)('%j is shown as %s', (hostile, shown) => expect(visible(hostile)).toBe(shown));

  it.each(KEPT)('%j stays', (kept) => expect(visible(kept)).toBe(kept));

  it('holds nothing raw, and is shown the same twice', () => {
    assert(
      property(text, (hostile) => {
        const shown = visible(hostile).replaceAll('\u200d', '');
        expect(shown).not.toMatch(RAW);
        expect(visible(visible(hostile))).toBe(visible(hostile));
      }),
    );
  });

  it('is linear in its length', () => {
    const long = `${'a'.repeat(1_000_000)}\u001b${'\u0301'.repeat(200_000)}`;
    const before = process.cpuUsage();
    visible(long);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(2000);
  });
});

describe('formats for programs', () => {
  const reportOf = (hostile: string) => [
    {
      id: hostile,
      dir: hostile,
      findings: [
        { code: 'rules-python2', level: 'error', message: hostile, file: hostile, line: 1, help: hostile },
      ] as const,
    },
  ];

  it('JSON gives back every character, and holds none raw', () => {
    assert(
      property(text, (hostile) => {
        const json = jsonText({ [hostile]: hostile });
        expect(json.replaceAll('\u200d', '')).not.toMatch(RAW);
        expect(JSON.parse(json)).toEqual({ [hostile]: hostile });
      }),
    );
  });

  it('a report is data in each of them', () => {
    assert(
      property(text, (hostile) => {
        const report = reportOf(hostile);
        expect(JSON.parse(jsonReport(report)).findings[0].message).toBe(hostile);
        const [result] = JSON.parse(sarifReport(report, '1')).runs[0].results;
        expect(result.message.text).toBe(hostile);
        expect(result.locations[0].physicalLocation.artifactLocation.uri).toMatch(/^[\w.!~*'()/%-]*$/);
        const lines = githubReport(report).split('\n');
        expect(lines).toHaveLength(2);
        expect(lines[0]).toMatch(/^::error file=[^,]*,line=1,title=rules-python2::/);
        for (const printed of [jsonReport(report), sarifReport(report, '1'), githubReport(report)])
          expect(printed.replaceAll(/[\n\u200d]/g, '')).not.toMatch(RAW);
      }),
    );
  });

  it('JUnit stays XML that a parser takes', async () => {
    const documents = HOSTILE.map(([hostile]) => junitReport(reportOf(`${hostile} ]]> <&"'> \ufffe`)));
    for (const document of documents) expect(document.replaceAll('\n', '')).not.toMatch(RAW);
    const program =
      'import json, sys, xml.etree.ElementTree as tree\nfor text in json.load(sys.stdin): tree.fromstring(text)';
    const parsed = await run(['python3', '-c', program], { input: JSON.stringify(documents) });
    expect(parsed).toMatchObject({ status: 0, stderr: '' });
  });

  it('completion offers only words that a shell takes as they are', () => {
    const words = [
      'lab',
      'ssh://root@lab:22',
      '$(id)',
      '`id`',
      "a'b",
      'a b',
      'a\nb',
      'a;b',
      '\u001b[2J',
      '*',
    ];
    const printed = completionLines({
      words: words.map((word) => ({ word, about: 'one\n$(two)\u001b[2J' })),
      paths: 'none',
    });
    const about = String.raw`one\n$(two)\x1b[2J`;
    expect(printed).toBe(`lab\t${about}\nssh://root@lab:22\t${about}\n`);
  });
});
