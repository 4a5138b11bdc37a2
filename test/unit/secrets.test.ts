import { describe, expect, it } from 'vitest';
import { parseReference } from '../../src/templates/reference.ts';
import { hasSecret, masked } from '../../src/support/secrets.ts';
import { jsonText, visible } from '../../src/support/visible.ts';
import { parseAddress } from '../../src/targets/address.ts';
import { VALIDATORS } from '../../src/answers/validators.ts';

describe('credentials in an address', () => {
  it.each([
    ['https://alice:xyzzy@example.org/t.git', 'https://***@example.org/t.git'],
    ['https://xyzzy@example.org/t.git', 'https://***@example.org/t.git'],
    ['https://alice:xy@zzy@example.org/', 'https://***@example.org/'],
    ['https://alice:xy/zzy@example.org/', 'https://***@example.org/'],
    ['https://alice:xy#z?zy@example.org/', 'https://***@example.org/'],
    ['https://alice%3Axyzzy@example.org/', 'https://***@example.org/'],
    ['ssh://root:xyzzy@lab:22', 'ssh://root:***@lab:22'],
    ['git+ssh://git:xyzzy@lab/t.git', 'git+ssh://git:***@lab/t.git'],
    ['amqp://guest:xyzzy@lab:5672/', 'amqp://***@lab:5672/'],
    ['https://lab/t.git?private_token=xyzzy&b=1', 'https://lab/t.git?private_token=***&b=1'],
    ['https://lab/?a=1;X-Amz-Signature=xyzzy#x', 'https://lab/?a=1;X-Amz-Signature=***#x'],
    [
      "fatal: unable to access 'https://a:xyzzy@h/t.git/': no, http://b:xyzzy@i/",
      "fatal: unable to access 'https://***@h/t.git/': no, http://***@i/",
    ],
    ['http://a:xyzzy@h,http://b:xyzzy@i', 'http://***@h,http://***@i'],
  ])('%s is shown as %s', (text, shown) => {
    expect(masked(text)).toBe(shown);
    expect(masked(shown)).toBe(shown);
    expect(visible(text)).toBe(shown);
    expect(JSON.parse(jsonText({ text }))).toEqual({ text: shown });
  });

  it.each([
    'https://example.org/t.git#main:note',
    'http://127.0.0.1:4873/@acme/t',
    'http://[::1]:80/a@b',
    'ssh://git@example.org:22/t.git#v1.2:one/two',
    'git+ssh://git@example.org/t.git',
    'mail alice@example.org: see https://example.org/?author=alice&tokenless',
    'sip:100@lab, user:password@lab',
    'exten = 1,1,Set(X=${CURL(http://lab/?number=1)})',
  ])('%s has none', (text) => expect(masked(text)).toBe(text));

  it('takes no time to look for', () => {
    for (const long of ['://a:', 'https://' + 'a@'.repeat(9), '?token', 'a.'].map((part) =>
      part.repeat(50_000),
    )) {
      const before = process.cpuUsage();
      hasSecret(`://${long}`);
      expect(process.cpuUsage(before).user / 1000).toBeLessThan(500);
    }
  });

  it('are refused where an address is read, without a word of them', () => {
    const told = (work: () => unknown): string => {
      try {
        work();
      } catch (error) {
        const { message, help } = error as { message: string; help: string };
        return visible(`${message} ${help}`);
      }
      return '';
    };
    for (const text of [
      'git+https://a:xyzzy@h/t.git',
      'git+https://xyzzy@h/t.git',
      'git+ssh://a:xyzzy@h/t',
      'git+https://h/t?token=xyzzy',
    ])
      expect(told(() => parseReference(text, []))).toMatch(/holds credentials.*credential helper/);
    for (const text of ['ssh://a:xyzzy@h', 'exec:curl https://a:xyzzy@h'])
      expect(told(() => parseAddress(text))).toMatch(/holds credentials(?!.*xyzzy)/);
    expect(VALIDATORS['url']?.('https://a:xyzzy@h/')).toMatch(/holds credentials/);
    expect(VALIDATORS['optional-line']?.('see https://a:xyzzy@h/')).toMatch(/holds credentials/);
  });
});
