import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UserError } from '../../src/support/errors.ts';
import { chooseMirror, hostMirror, parseDeb822, parseSourcesList } from '../../src/stacks/real/mirror.ts';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

describe('what apt knows', () => {
  test('one-line format, with options, comments and a disabled line', () => {
    const text = `# comment
deb [arch=amd64 signed-by=${KEYRING}] http://mirror.test/debian bookworm main contrib # mine
#deb http://off.test/debian bookworm main
deb-src http://mirror.test/debian bookworm main
`;
    expect(parseSourcesList(text)).toEqual([
      {
        uri: 'http://mirror.test/debian',
        suites: ['bookworm'],
        components: ['main', 'contrib'],
        signedBy: KEYRING,
      },
    ]);
  });

  test('deb822 format, with a comment inside, a key inline and a disabled paragraph', () => {
    const text = `Types: deb deb-src
# snapshot
URIs: http://a.test/debian http://b.test/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: ${KEYRING}

Types: deb
Enabled: no
URIs: http://off.test/debian
Suites: bookworm
Components: main

Types: deb
URIs: http://other.test/apt
Suites: stable
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 xyz
`;
    const sources = parseDeb822(text);
    expect(sources.map((source) => source.uri)).toEqual([
      'http://a.test/debian',
      'http://b.test/debian',
      'http://other.test/apt',
    ]);
    expect(sources[2]?.signedBy).toContain('BEGIN PGP');
  });

  test.each([
    ['the security archive is no mirror', [source('http://m/security', ['bookworm-security'])], undefined],
    ['a third party signs with its own key', [source('http://m/x', ['stable'], 'other.gpg')], undefined],
    ['a flat repository has no suites', [source('http://m/flat', ['./'])], undefined],
    [
      'what Debian’s keyring signs wins over what has no key',
      [source('http://m/first', ['stable']), source('http://m/debian', ['bookworm'], KEYRING)],
      'http://m/debian',
    ],
    [
      'without keys, an address that ends in debian wins',
      [source('http://m/node', ['nodistro']), source('http://m/debian/', ['bookworm'])],
      'http://m/debian/',
    ],
  ])('%s', (_, sources, mirror) => {
    expect(chooseMirror(sources)).toBe(mirror);
  });
});

function source(uri: string, suites: string[], signedBy = '') {
  return { uri, suites, components: ['main'], signedBy };
}

describe('the mirror of a machine', () => {
  let apt: string;
  beforeEach(() => {
    apt = mkdtempSync(path.join(tmpdir(), 'wdev-apt-'));
    mkdirSync(path.join(apt, 'sources.list.d'));
  });
  afterEach(() => {
    rmSync(apt, { recursive: true });
    delete process.env['WDEV_DEBIAN_MIRROR'];
  });

  test('is found in sources.list.d', () => {
    writeFileSync(path.join(apt, 'sources.list.d/node.list'), 'deb [signed-by=/k] http://n.test/x no main\n');
    writeFileSync(
      path.join(apt, 'sources.list.d/debian.sources'),
      `Types: deb\nURIs: http://m.test/debian\nSuites: sid\nComponents: main\nSigned-By: ${KEYRING}\n`,
    );
    expect(hostMirror(apt)).toBe('http://m.test/debian');
  });

  test('is the first of a list of mirrors, as in images of clouds', () => {
    const list = path.join(apt, 'mirrors.list');
    writeFileSync(list, '# best first\nhttp://near.test/debian\nhttp://far.test/debian\n');
    writeFileSync(path.join(apt, 'sources.list'), `deb mirror+file:${list} bookworm main\n`);
    expect(hostMirror(apt)).toBe('http://near.test/debian');
  });

  test('is what WDEV_DEBIAN_MIRROR says', () => {
    process.env['WDEV_DEBIAN_MIRROR'] = 'http://told.test/debian';
    expect(hostMirror(apt)).toBe('http://told.test/debian');
  });

  test('is asked for where apt has none', () => {
    expect(() => hostMirror(apt)).toThrow(UserError);
    expect(() => hostMirror(apt)).toThrow(/knows no Debian archive/);
  });
});
