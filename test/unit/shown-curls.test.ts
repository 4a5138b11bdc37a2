import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/support/paths.ts';
import { SENT_EXAMPLES, SENT_PARTS, difference, shownCommands, shownCurls } from '../support/shown-curls.ts';

const TEMPLATES = path.join(packageRoot(), 'templates');

/** The names of the folders whose description shows a request. */
function showing(folder: string, file: string): readonly string[] {
  return readdirSync(folder).filter((name) => {
    const description = path.join(folder, name, file);
    return existsSync(description) && /^ {2}- 'curl /m.test(readFileSync(description, 'utf8'));
  });
}

describe('the requests that READMEs of generated plugins show', () => {
  it('are all sent by test/real/shown-curls.test.ts', () => {
    const shown = [
      ...showing(path.join(TEMPLATES, 'stack/parts'), 'part.yml'),
      ...showing(TEMPLATES, 'template.yml'),
    ];
    const known = [...SENT_PARTS, ...SENT_EXAMPLES];
    expect([...known].sort()).toEqual([...shown].sort());
  });

  it('are read with the variables before them, and what is said behind them', () => {
    const readme = [
      'Then try it; `$TOKEN` is:',
      '',
      '```sh',
      'curl https://SERVER/a -H "X: $TOKEN" \\',
      "    -d '{}'",
      '# 204; good',
      'KEY=$(echo a |',
      '    cut -c 1)',
      'curl https://SERVER/b',
      '```',
    ].join('\n');
    expect(shownCurls(`${readme}\n`)).toEqual([
      { script: `curl https://SERVER/a -H "X: $TOKEN" -d '{}'`, said: '204; good' },
      { script: 'KEY=$(echo a | cut -c 1)\ncurl https://SERVER/b', said: '' },
    ]);
  });
});

it('the commands for the server are read with what is said behind them', () => {
  expect(shownCommands('curl x\n# y\nsystemctl start a && b # on the server\n# … c\n')).toEqual([
    { command: 'systemctl start a && b', said: '… c' },
  ]);
});

describe('an answer', () => {
  it.each([
    ['{"a": "b"}', 201, '{"a": "b"}'],
    ['{"total": 1, "items": ["…"]}', 200, '{"items": ["x"], "total": 9}'],
    ['{"data": {"acl": […], …}}, with the rights', 200, '{"data": {"acl": ["a", "b"], "c": null}}'],
    ['{"uuid": "…", "url": "https://…", …}', 200, '{"uuid": "1", "url": "https://x", "more": 1}'],
    ['HTTP/1.1 204 NO CONTENT, and', 204, ''],
    ['204; then', 204, ''],
    ['a=1 … b …: words', 200, 'x\na=1\nb'],
  ])('is as %s says', (said, status, body) => {
    expect(difference(said, { status, body })).toBeUndefined();
  });

  it.each([
    ['{"a": "b"}', 200, '{"a": "c"}', '.a is "c", shown is "b"'],
    ['{"a": "b"}', 200, '{"a": "b", "c": 1}', '.c is not shown'],
    ['{"a": "b", …}', 200, '{"c": 1}', '.a is missing'],
    ['{"a": "b"}', 400, '{"a": "b"}', 'status 400: {"a": "b"}'],
    ['{"a": ["…"]}', 200, '{"a": []}', '.a is [], shown is ["…"]'],
    ['{"a": 1}', 200, '{"a": "1"}', '.a is "1", shown is 1'],
    ['{"a": 1}', 200, 'oh', 'no JSON: oh'],
    ['204; then', 200, '', 'status 200: '],
    ['a=1 … b …: words', 200, 'a=1', 'no "b" in a=1'],
    ['', 200, 'a', 'README shows nothing of the answer'],
  ])('differs from %s (%i, %s)', (said, status, body, difference_) => {
    expect(difference(said, { status, body })).toBe(difference_);
  });
});
