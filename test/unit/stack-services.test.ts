import { describe, expect, it } from 'vitest';
import { downloadSize, parseAptStatus, stepText } from '../../src/stacks/wazo/apt-progress.ts';
import { findRepository, parseLine } from '../../src/stacks/wazo/repository.ts';
import { readServices, selectServices } from '../../src/stacks/wazo/services.ts';
import { tempFolder } from '../support/temp.ts';
import { writeFiles } from '../support/python-plugin.ts';

describe("the services of a stack with Wazo's", () => {
  it('brings what those asked for need, in the order in which they start', () => {
    const { units, packages } = selectServices(readServices(['wazo-agid', 'calld']));
    expect(units).toEqual(['wazo-auth', 'wazo-confd', 'wazo-calld', 'wazo-agid']);
    expect(packages).toEqual([
      'wazo-auth',
      'wazo-auth-keys',
      'wazo-nginx',
      'wazo-confd',
      'wazo-calld',
      'wazo-agid',
    ]);
  });

  it('has wazo-auth when nothing is asked for, and passes over units of plugins', () => {
    expect(selectServices(['acme-sync']).units).toEqual(['wazo-auth']);
  });

  it('refuses a word that is no service, and says which there are', () => {
    expect(() => readServices(['cald'])).toThrowError(/--with cald: no service of Wazo/);
  });
});

describe('the repository of a stack', () => {
  it.each([
    ['deb http://mirror.local/debian/ pelican-bookworm main', '', 'http://mirror.local/debian/'],
    ['deb [trusted=yes arch=amd64] file:/srv/x ./', 'trusted=yes arch=amd64', 'file:/srv/x'],
  ])('reads %s', (line, options, uri) => {
    expect(parseLine(line)).toMatchObject({ options, uri });
  });

  it.each([
    'http://mirror.local',
    'deb',
    'deb file:/x',
    'deb ftp://x y z',
    'deb http://x y; rm -rf /',
    'deb http://x\ndeb y z',
  ])('refuses %j', (line) => {
    expect(() => parseLine(line)).toThrowError(/not a line of apt/);
  });

  it('carries a folder of this machine into the stack, with the key that signs it', async () => {
    const folder = tempFolder();
    const key = '-----BEGIN PGP PUBLIC KEY BLOCK-----\n';
    writeFiles(folder, { Packages: 'Package: x\n', 'key.asc': key });
    const found = await findRepository(`deb file:${folder} ./`, `${folder}/key.asc`);
    expect(found).toMatchObject({
      line: 'deb [signed-by=/etc/apt/keyrings/wazo.asc] file:/srv/wazo-repository ./',
      carried: { from: folder, to: '/srv/wazo-repository' },
      key: { text: key, to: '/etc/apt/keyrings/wazo.asc' },
    });
    writeFiles(folder, { Packages: 'Package: x and more\n' });
    const later = await findRepository(`deb file:${folder} ./`, `${folder}/key.asc`);
    expect(later.fingerprint).not.toBe(found.fingerprint);
  });

  it('says what is wrong with a key or a folder', async () => {
    const folder = tempFolder();
    writeFiles(folder, { 'key.asc': 'no key\n' });
    await expect(findRepository(`deb file:${folder} ./`, `${folder}/key.asc`)).rejects.toThrowError(
      /is not an OpenPGP public key/,
    );
    await expect(findRepository(`deb file:${folder} ./`, `${folder}/none`)).rejects.toThrowError(
      /cannot read the key/,
    );
    await expect(findRepository(`deb [trusted=yes] file:${folder}/none ./`)).rejects.toThrowError(
      /is not a folder/,
    );
  });
});

describe('what apt tells of its progress', () => {
  it.each([
    ['dlstatus:12:45.4545:Retrieving file 12 of 60 (14s remaining)', 'downloading 78 MB of packages: 45 %'],
    [
      'pmstatus:python3-flask:61.2:Unpacking python3-flask (all)',
      'installing the services: 61 %, python3-flask',
    ],
    ['pmstatus:libc6:amd64:3.5:Preparing libc6:amd64', 'installing the services: 4 %, libc6:amd64'],
  ])('%s', (line, text) => {
    const step = parseAptStatus(line);
    expect(step === undefined ? undefined : stepText(step, 78.3)).toBe(text);
  });

  it('is nothing in other lines', () => {
    expect(parseAptStatus('Setting up wazo-auth (26.10) ...')).toBeUndefined();
  });

  it('adds up what will be fetched', () => {
    const printed = "'http://x/a.deb' a.deb 1500000 SHA256:1\n'http://x/b.deb' b.deb 500000 SHA256:2\n";
    expect(downloadSize(printed)).toBe(2);
  });
});
