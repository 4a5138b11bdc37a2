import { createServer, type Server } from 'node:http';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPlugin } from '../../src/create/create.ts';
import { npmArgument, parseReference } from '../../src/templates/reference.ts';
import { fetchTemplate } from '../../src/templates/fetch.ts';
import { run } from '../../src/support/run.ts';
import { packageVersion } from '../../src/support/paths.ts';

const MANIFEST = `title: Note
summary: a note
kind: stack
version: 1
questions:
  - {name: name, type: input, message: Name, valid: plugin-name}
  - {name: namespace, type: input, message: Namespace, valid: namespace}
`;

let work: string;
const before = { ...process.env };

beforeEach(() => {
  work = mkdtempSync(path.join(tmpdir(), 'wdev-test-'));
  process.env['XDG_CACHE_HOME'] = path.join(work, 'cache');
  process.env['XDG_CONFIG_HOME'] = path.join(work, 'config');
});

afterEach(() => {
  process.env = { ...before };
  rmSync(work, { recursive: true, force: true });
});

function template(folder: string, text: string, manifest = MANIFEST): string {
  mkdirSync(path.join(folder, 'files'), { recursive: true });
  writeFileSync(path.join(folder, 'template.yml'), manifest);
  writeFileSync(path.join(folder, 'files', 'acme-example.txt'), text);
  return folder;
}

async function git(cwd: string, ...args: string[]): Promise<string> {
  const identity = ['-c', 'user.name=T', '-c', 'user.email=t@example.org', '-c', 'init.defaultBranch=main'];
  const done = await run(['git', ...identity, ...args], { cwd });
  if (done.status !== 0) throw new Error(done.stderr);
  return done.stdout.trim();
}

async function commit(folder: string, message: string): Promise<string> {
  await git(folder, 'add', '--all');
  await git(folder, 'commit', '--quiet', '--message', message);
  return git(folder, 'rev-parse', 'HEAD');
}

function make(reference: string, options: { offline?: boolean } = {}): Promise<unknown> {
  const answers = { name: 'hello', namespace: 'demo' };
  return createPlugin({ template: reference, dir: path.join(work, 'made'), answers, git: false, ...options });
}

function record(): Record<string, unknown> {
  const text = readFileSync(path.join(work, 'made', '.yo-rc.json'), 'utf8');
  return (JSON.parse(text) as Record<string, Record<string, unknown>>)['generator-wazo-plugin'] ?? {};
}

describe('references', () => {
  it.each([
    ['stack', { kind: 'built-in', name: 'stack' }],
    ['./mine', { kind: 'folder', path: './mine' }],
    ['git+https://example.org/t.git', { kind: 'git', url: 'https://example.org/t.git', subfolder: '' }],
    [
      'git+ssh://git@example.org:22/t.git#v1.2:one/two',
      { kind: 'git', url: 'ssh://git@example.org:22/t.git', ref: 'v1.2', subfolder: 'one/two' },
    ],
    [
      'git+https://example.org/t.git:one',
      { kind: 'git', url: 'https://example.org/t.git', subfolder: 'one' },
    ],
    ['npm:@acme/t@^1.0', { kind: 'npm', name: '@acme/t', wanted: '^1.0', subfolder: '' }],
    ['wazo-things', { kind: 'npm', name: 'wazo-things', subfolder: '' }],
  ])('%s', (text, expected) => expect(parseReference(text, ['stack'])).toEqual(expected));

  it.each([
    'git+ext::sh -c touch% /tmp/x',
    'git+https://-oProxyCommand=x/y',
    'git+--upload-pack=x',
    'git+https://example.org/t#--upload-pack=x',
    'git+https://example.org/t#main:../up',
    'git+https://example.org/t#main:/etc',
    'git@example.org:a/b.git',
    'https://example.org/t.git',
    'npm:../t',
    'npm:t@file:../x',
    'npm:t@x.tgz',
    'npm:t.tgz',
    'npm:t@npm.tar.gz',
    'npm:t@1.0.0..1',
    '-x',
  ])('refuses %s', (text) => expect(() => parseReference(text, ['stack'])).toThrow(/--template/));
});

it.each(['1.0.0', '^1.0', '~1', '>=2', '1.x', '*', 'latest', 'next', '2.0.0-rc.1'])(
  'npm gets t@%s',
  (wanted) => expect(npmArgument('t', wanted)).toBe(`t@${wanted}`),
);

it.each(['http://x/y', 'file:../x', 'git+file:///x', 'npm:evil@1.0.0', 'x.tgz', '../x', '', 'a b', '-g'])(
  'npm never gets t@%s',
  (wanted) => expect(() => npmArgument('t', wanted)).toThrow(/is not an npm package/),
);

describe('a folder', () => {
  it('is recorded relative to the plugin, with its hash, and kept for a later update', async () => {
    const folder = template(path.join(work, 'mine'), 'One for acme_example\n');
    await make(folder);
    expect(readFileSync(path.join(work, 'made', 'demo-hello.txt'), 'utf8')).toBe('One for demo_hello\n');
    expect(record()).toMatchObject({ template: '../mine', version: 1 });
    const pin = record()['pin'] as { wdev: string; hash: string };
    expect(pin.wdev).toBe(packageVersion());
    template(folder, 'Two\n');
    const cwd = path.join(work, 'made');
    const old = await fetchTemplate('../mine', { pin, cwd, offline: true });
    expect(old.template.files[0]?.read()).toContain('One');
    const now = await fetchTemplate('../mine', { cwd });
    expect(now.template.name).toBe(folder);
    expect(now.template.pin.hash).not.toBe(pin.hash);
  });

  it('whose recorded state nobody has is said', async () => {
    const folder = template(path.join(work, 'mine'), 'One\n');
    const pin = { wdev: packageVersion(), hash: 'sha256-gone' };
    await expect(fetchTemplate(folder, { pin })).rejects.toThrow(/is not the template that was recorded/);
  });
});

describe('a git repository', () => {
  let repository: string;
  let url: string;

  beforeEach(async () => {
    repository = path.join(work, 'repository');
    template(path.join(repository, 'note'), 'One\n');
    await git(repository, 'init', '--quiet');
    url = `git+file://${repository}`;
  });

  it('is pinned by its commit, and comes out of the cache when that is asked for again', async () => {
    const first = await commit(repository, 'One');
    await make(`${url}#main:note`);
    expect(record()).toMatchObject({ template: `${url}#main:note`, pin: { commit: first } });
    template(path.join(repository, 'note'), 'Two\n');
    const second = await commit(repository, 'Two');
    const pin = record()['pin'] as { wdev: string };
    expect((await fetchTemplate(`${url}#main:note`)).template.pin.commit).toBe(second);
    rmSync(repository, { recursive: true });
    const old = await fetchTemplate(`${url}#main:note`, { pin });
    expect(old.template.files[0]?.read()).toBe('One\n');
    const offline = await fetchTemplate(`${url}#main:note`, { offline: true });
    expect(offline.template.pin.commit).toBe(second);
    const away = await fetchTemplate(`${url}#main:note`);
    expect(away.template.pin.commit).toBe(second);
    expect(away.notes.join()).toMatch(/could not fetch.*copy in the cache was used/s);
  });

  it('is fetched by an old or abbreviated commit', async () => {
    const first = await commit(repository, 'One');
    template(path.join(repository, 'note'), 'Two\n');
    await commit(repository, 'Two');
    const found = await fetchTemplate(`${url}#${first.slice(0, 10)}:note`);
    expect(found.template.pin.commit).toBe(first);
  });

  it('runs neither hooks nor filters, and its links are refused', async () => {
    const marker = path.join(work, 'ran');
    await run(['ln', '-s', '/etc/passwd', path.join(repository, 'note/files/stolen')]);
    mkdirSync(path.join(repository, '.git/hooks'), { recursive: true });
    writeFileSync(path.join(repository, '.git/hooks/post-checkout'), `#!/bin/sh\ntouch ${marker}\n`, {
      mode: 0o755,
    });
    await commit(repository, 'Link');
    await expect(make(`${url}#main:note`)).rejects.toThrow(/files\/stolen is a symlink, not a file/);
    expect(existsSync(path.join(work, 'made'))).toBe(false);
    expect(existsSync(marker)).toBe(false);
  });

  it('that is not there, or has no such branch or folder, is said in one sentence', async () => {
    await commit(repository, 'One');
    await expect(make(`git+file://${work}/nothing`)).rejects.toThrow(/git could not fetch .*nothing/);
    await expect(make(`${url}#nobranch:note`)).rejects.toThrow(/could not fetch .* at nobranch/);
    await expect(make(`${url}#main:other`)).rejects.toThrow(/no folder other/);
    await expect(make(url)).rejects.toThrow(/there is no template git\+file/);
    await expect(make(`${url}#main:note`, { offline: true })).rejects.toThrow(/not in the cache/);
  });
});

describe('an npm package', () => {
  let server: Server;
  let registry: string;
  let tarball: Buffer;

  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url?.endsWith('.tgz') === true) return response.end(tarball);
      if (request.url !== '/wazo-note') return response.writeHead(404).end('{}');
      const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
      const dist = { tarball: `${registry}/wazo-note-1.0.0.tgz`, integrity };
      const versions = { '1.0.0': { name: 'wazo-note', version: '1.0.0', dist } };
      return response.end(JSON.stringify({ name: 'wazo-note', 'dist-tags': { latest: '1.0.0' }, versions }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    registry = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  });

  afterAll(() => void server.close());

  beforeEach(() => {
    process.env['npm_config_registry'] = registry;
    process.env['npm_config_cache'] = path.join(work, 'npm');
  });

  async function publish(files: Record<string, string>): Promise<void> {
    const archive = pack();
    for (const [name, text] of Object.entries(files)) archive.entry({ name: `package/${name}` }, text);
    archive.finalize();
    const chunks: Buffer[] = [];
    for await (const chunk of archive) chunks.push(chunk as Buffer);
    tarball = gzipSync(Buffer.concat(chunks));
  }

  const PACKAGE = JSON.stringify({ name: 'wazo-note', version: '1.0.0', scripts: { prepack: 'exit 9' } });

  it('is pinned by version and integrity; a changed one is refused; offline the cache serves', async () => {
    await publish({ 'package.json': PACKAGE, 'template.yml': MANIFEST, 'files/acme-example.txt': 'One\n' });
    await make('wazo-note');
    const pin = record()['pin'] as { wdev: string; version: string; integrity: string };
    expect(pin).toMatchObject({ version: '1.0.0', integrity: expect.stringMatching(/^sha512-/) });
    expect((await fetchTemplate('wazo-note', { offline: true })).template.pin).toEqual(pin);
    rmSync(path.join(work, 'cache'), { recursive: true });
    rmSync(path.join(work, 'npm'), { recursive: true });
    await publish({ 'package.json': PACKAGE, 'template.yml': MANIFEST, 'files/acme-example.txt': 'Evil\n' });
    await expect(fetchTemplate('npm:wazo-note', { pin })).rejects.toThrow(/is not what was recorded/);
    await expect(fetchTemplate('npm:no-such-thing')).rejects.toThrow(
      /npm could not fetch no-such-thing@latest/,
    );
  });

  it('of an earlier version of this tool renders its own old templates', async () => {
    // the same address answers for every name but this one, so the layers are put into the cache as they would come
    const old = path.join(work, 'cache/wdev/templates/wdev/0.0.9/stack');
    template(old, 'Old\n');
    const found = await fetchTemplate('stack', { pin: { wdev: '0.0.9' }, offline: true });
    expect(found.template.pin).toEqual({ wdev: '0.0.9' });
    expect(found.template.files[0]?.read()).toBe('Old\n');
    await expect(fetchTemplate('stack', { pin: { wdev: '0.0.8' }, offline: true })).rejects.toThrow(
      /generator-wazo-plugin@0\.0\.8 is not in the cache/,
    );
  });
});

it('keeps what is cached in one place, and nothing half-made', async () => {
  const folder = template(path.join(work, 'mine'), 'One\n');
  await Promise.all([fetchTemplate(folder), fetchTemplate(folder), fetchTemplate(folder)]);
  expect(readdirSync(path.join(work, 'cache/wdev/templates/kept'))).toHaveLength(1);
  cpSync(folder, path.join(work, 'copy'), { recursive: true });
  await fetchTemplate(path.join(work, 'copy'));
  expect(readdirSync(path.join(work, 'cache/wdev/templates/kept'))).toHaveLength(1);
});
