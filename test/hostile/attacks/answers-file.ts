import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Attack, Guard } from '../attack.ts';
import type { Place } from '../place.ts';

/** No value of the record is looked at. */
const ANY_RECORD: Guard = {
  file: 'src/update/answers-file.js',
  from: 'const problem = problemOf(found);',
  to: 'const problem = undefined;',
};

const ANY_ARGUMENT: Guard = {
  file: 'src/templates/reference.js',
  from: 'if (!NPM.test(name) || !isOfRegistry(name, wanted))',
  to: 'if (false)',
};

/** A plugin that wdev made, whose record an author then wrote. */
async function makePlugin(place: Place, record: object): Promise<void> {
  await place.wdev(['new', 'stack', 'hello', '--namespace', 'demo', '--yes', '--no-git']);
  const file = path.join(place.folder, 'hello/.yo-rc.json');
  const content = JSON.parse(readFileSync(file, 'utf8')) as Record<string, object>;
  const own = { ...content['generator-wazo-plugin'], ...record };
  writeFileSync(file, JSON.stringify({ 'generator-wazo-plugin': own }, undefined, 2));
}

/** An npm that hands out the author's package for whatever it is asked, and says so. */
function evilNpm({ folder, canary }: Place): Readonly<Record<string, string>> {
  const bin = path.join(folder, 'bin');
  const made = path.join(folder, 'registry/package/templates/stack');
  mkdirSync(bin);
  mkdirSync(made, { recursive: true });
  writeFileSync(path.join(made, 'template.yml'), 'title: t\nsummary: s\nkind: stack\n');
  execFileSync('tar', [
    '-czf',
    path.join(folder, 'evil.tgz'),
    '-C',
    path.join(folder, 'registry'),
    'package',
  ]);
  const script = `#!/bin/sh
echo "npm $*" >> '${canary}'
while [ $# -gt 0 ]; do
  if [ "$1" = --pack-destination ]; then cp '${folder}/evil.tgz' "$2/evil.tgz"; fi
  shift
done
echo '[{"version": "1.0.0", "filename": "evil.tgz"}]'
`;
  writeFileSync(path.join(bin, 'npm'), script, { mode: 0o755 });
  return { PATH: `${bin}:${process.env['PATH'] ?? ''}` };
}

const COMMANDS = [
  ['update', 'hello', '--dry-run', '--force'],
  ['add', 'confd', 'hello', '--dry-run', '--yes'],
  ['update', 'hello', '--force'],
] as const;

/** Texts that npm takes for an address, a folder or another package, or that lead out of the cache. */
const VERSIONS = [
  'http://127.0.0.1:9/x/../../../.config/git',
  'git+file:///tmp/evil.git',
  'file:../evil',
  'npm:evil@1.0.0',
  '1.0.0/../../../../outside',
  '>=0.0.1',
];

export const ATTACKS: readonly Attack[] = [
  {
    kind: 'answers file',
    name: 'pin.wdev is an address, a folder or another package, and npm fetches it',
    guards: [ANY_RECORD, ANY_ARGUMENT],
    async run(place) {
      const env = evilNpm(place);
      await makePlugin(place, {});
      const file = path.join(place.folder, 'hello/.yo-rc.json');
      const before = readFileSync(file, 'utf8');
      for (const [index, version] of VERSIONS.entries()) {
        writeFileSync(file, before.replace(/"wdev": "[^"]*"/, `"wdev": ${JSON.stringify(version)}`));
        const { stderr, status } = await place.wdev(COMMANDS[index % COMMANDS.length] ?? [], { env });
        if (existsSync(place.canary)) return undefined;
        if (status !== 1 || !/\.yo-rc\.json:6: .*pin\.wdev must be an exact version/.test(stderr))
          return `${version} is not refused by line: ${stderr}`;
      }
      return undefined;
    },
  },
  {
    kind: 'answers file',
    name: 'package leads out of the plugin, and add writes there',
    guards: [
      ANY_RECORD,
      {
        file: 'src/edits/edit-files.js',
        from: 'const outside = edits.find(({ path }) => !isInside(path));',
        to: 'const outside = undefined;',
      },
    ],
    async run(place) {
      await place.wdev([
        'new',
        'stack',
        'hello',
        '--namespace',
        'demo',
        '--yes',
        '--no-git',
        '--part',
        'confd',
      ]);
      const file = path.join(place.folder, 'hello/.yo-rc.json');
      const content = JSON.parse(readFileSync(file, 'utf8')) as Record<string, object>;
      const own = { ...content['generator-wazo-plugin'], package: '../outside' };
      writeFileSync(file, JSON.stringify({ 'generator-wazo-plugin': own }));
      await place.wdev(['add', 'calld', 'hello', '--force', '--yes']);
      return existsSync(path.join(place.folder, 'outside')) ? 'a folder beside the plugin' : undefined;
    },
  },
  {
    kind: 'answers file',
    name: 'template is an address of a program: git+ext::',
    guards: [
      { file: 'src/templates/reference.js', from: 'if (!GIT_URL.test(url))', to: 'if (false)' },
      {
        file: 'src/git/call.js',
        from: "const PROTOCOLS = 'https:http:ssh:git:file';",
        to: "const PROTOCOLS = 'ext';",
      },
    ],
    async run(place) {
      const template = `git+ext::${evilProgram(place)} x`;
      await makePlugin(place, { template, pin: { wdev: '0.0.1', commit: 'a'.repeat(40) } });
      const version = readFileSync(path.join(place.folder, 'hello/.yo-rc.json'), 'utf8');
      writeFileSync(
        path.join(place.folder, 'hello/.yo-rc.json'),
        version.replace('"0.0.1"', JSON.stringify(await versionOf(place))),
      );
      await place.wdev(['update', 'hello', '--dry-run']);
      await place.wdev(['new', '--template', template, 'other', '--yes']);
      return undefined;
    },
  },
  {
    kind: 'answers file',
    name: 'a .npmrc in the folder of temporary files says which registry npm asks',
    guards: [
      {
        file: 'src/templates/fetch-npm.js',
        from: "await writeFile(path.join(work, 'package.json'), '{}');",
        to: '',
      },
    ],
    async run(place) {
      const asked: string[] = [];
      const server = createServer((request, response) => {
        asked.push(request.url ?? '');
        response.writeHead(404).end('{}');
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      try {
        const shared = path.join(place.folder, 'tmp');
        mkdirSync(shared);
        writeFileSync(path.join(shared, 'package.json'), '{}');
        const { port } = server.address() as AddressInfo;
        writeFileSync(path.join(shared, '.npmrc'), `registry=http://127.0.0.1:${port}/\n`);
        writeFileSync(path.join(place.home, '.npmrc'), 'registry=http://127.0.0.1:9/\n');
        const env = {
          TMPDIR: shared,
          npm_config_fetch_retry_mintimeout: '1',
          npm_config_cache: path.join(place.home, 'npm'),
        };
        await place.wdev(['new', '--template', 'npm:wazo-note', 'made', '--yes'], { env });
        return asked.length === 0 ? undefined : `it was asked for ${asked.join(', ')}`;
      } finally {
        server.close();
      }
    },
  },
];

function evilProgram({ folder, canary }: Place): string {
  const program = path.join(folder, 'evil');
  writeFileSync(program, `#!/bin/sh\necho "$0 $*" >> '${canary}'\nexit 1\n`, { mode: 0o755 });
  return program;
}

async function versionOf(place: Place): Promise<string> {
  return (await place.wdev(['--version'])).stdout.trim();
}
