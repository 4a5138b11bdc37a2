import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createPlugin } from '../../src/create/create.ts';
import { run } from '../../src/support/run.ts';
import { BDIST_PLUGIN, COPY_PLUGIN } from '../support/foreign-plugins.ts';
import { treeHash, treeOf } from '../support/generations.ts';
import { commitAll, writeFiles } from '../support/python-plugin.ts';
import { tempFolder } from '../support/temp.ts';
import { wdev } from '../support/wdev.ts';

async function findings(dir: string): Promise<readonly string[]> {
  const { stdout } = await wdev(['check', dir, '--json']);
  const { findings: found } = JSON.parse(stdout) as {
    findings: readonly { code: string; message: string }[];
  };
  return found.map(({ code, message }) => `${code}: ${message}`).toSorted();
}

/** Installed paths of the package that `wdev build` makes. */
async function packaged(dir: string): Promise<readonly string[]> {
  const out = tempFolder();
  const built = await wdev(['build', dir, '--out', out]);
  expect([built.status, built.stderr]).toEqual([0, '']);
  const listed = await run(['sh', '-c', `dpkg-deb --fsys-tarfile ${out}/*.deb | tar t`]);
  return listed.stdout.split('\n').filter((name) => !name.endsWith('/') && name !== '');
}

const made = async (parts: readonly string[], tests = true): Promise<string> => {
  const dir = path.join(tempFolder(), 'demo');
  const answers = { name: 'demo', namespace: 'acme', author: 'Ann', parts, tests };
  await createPlugin({ template: 'stack', answers, dir, git: false });
  return dir;
};

describe('wdev add to a plugin that wdev made', () => {
  it('gives what wdev new with both parts gives, and wdev undo takes it back', async () => {
    const dir = await made(['dialplan']);
    const before = treeHash(dir);
    const added = await wdev(['add', 'calld', dir]);
    expect([added.status, added.stderr]).toEqual([0, '']);
    expect(treeOf(dir)).toEqual(treeOf(await made(['calld', 'dialplan'])));
    expect((await wdev(['undo', dir])).status).toBe(0);
    expect(treeHash(dir)).toBe(before);
  });

  it('reads an answer that was recorded under the former name of its question', async () => {
    const dir = await made(['confgend']);
    const record = path.join(dir, '.yo-rc.json');
    const before = readFileSync(record, 'utf8').replace(
      '"generatedFile": "new"',
      '"target": "provd/network.yml"',
    );
    expect(before).toContain('"target"');
    writeFileSync(record, before);
    const updated = await wdev(['update', dir]);
    expect([updated.status, updated.stderr, updated.stdout]).toEqual([
      0,
      '',
      expect.not.stringContaining('new question'),
    ]);
    expect(readFileSync(record, 'utf8')).toContain('"generatedFile": "provd/network.yml"');
    writeFileSync(record, before);
    expect(await wdev(['add', 'calld', dir])).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(record, 'utf8')).toContain('"generatedFile": "provd/network.yml"');
  });

  it('proposes no extension that the plugin has', async () => {
    const dir = await made(['calld']);
    const own = '[xivo-extrafeatures]\nexten = ***42,1,Hangup()\nexten => _***4[34],1,Hangup()\n';
    writeFiles(dir, { 'etc/asterisk/extensions_extra.d/own.conf': own });
    const taken = await wdev(['add', 'dialplan', '--dir', dir, '--extension', '***43']);
    expect([taken.status, taken.stderr]).toEqual([
      2,
      expect.stringContaining('the plugin has ***43 at etc/asterisk/extensions_extra.d/own.conf:3'),
    ]);
    expect((await wdev(['add', 'dialplan', '--dir', dir])).status).toBe(0);
    const text = readFileSync(path.join(dir, 'etc/asterisk/extensions_extra.d/acme-demo.conf'), 'utf8');
    expect(text).toContain('exten = ***45,1,');
  });

  it('keeps the edits of the author, and takes answers as flags', async () => {
    const dir = await made(['calld']);
    const rules = path.join(dir, 'wazo/rules');
    writeFileSync(
      rules,
      readFileSync(rules, 'utf8')
        .replace('    restart wazo-calld 9500\n', '    logger reloading\n    restart wazo-calld 9500\n')
        .replace('    uninstall)\n', '    uninstall)\n        logger bye\n'),
    );
    const added = await wdev(['add', 'dialplan', '--dir', dir, '--extension', '*77']);
    expect([added.status, added.stderr]).toEqual([0, '']);
    const text = readFileSync(rules, 'utf8');
    expect(text).toContain(
      '    logger reloading\n    restart wazo-calld 9500\n    tell_asterisk "dialplan reload"\n',
    );
    expect(text).toContain('uninstall)\n        logger bye\n');
    const conf = readFileSync(path.join(dir, 'etc/asterisk/extensions_extra.d/acme-demo.conf'), 'utf8');
    expect(conf).toContain('exten = *77,1,');
    expect(await findings(dir)).toEqual([]);
  });

  it('names the part that was meant, and one that is there already; exit 2', async () => {
    const dir = await made(['calld']);
    const unknown = await wdev(['add', 'cald', dir]);
    expect(unknown.status).toBe(2);
    expect(unknown.stderr).toContain('unknown part "cald"');
    expect(unknown.stderr).toContain('Did you mean calld?');
    expect((await wdev(['add', 'calld', dir])).stderr).toContain('the plugin already has calld');
    const fresh = await wdev([
      'new',
      'stack',
      path.join(dir, 'x'),
      '--namespace',
      'a',
      '--part',
      'cald',
      '--yes',
    ]);
    expect(fresh.status).toBe(2);
    expect(fresh.stderr).toContain('unknown value "cald"; did you mean calld?');
  });
});

describe('wdev add to a plugin that was made from an example', () => {
  it.each([
    ['click-to-call', 'dialplan', 'etc/asterisk/extensions_extra.d/acme-demo.conf'],
    ['click-to-call', 'calld', 'acme_demo/calld/plugin.py'],
    ['hello-world', 'dialplan', 'tests/test_dialplan.py'],
  ])('%s and %s: as made with both at once, checks, and passes its tests', async (template, part, file) => {
    const make = async (parts: readonly string[]): Promise<string> => {
      const dir = path.join(tempFolder(), 'demo');
      const answers = { name: 'demo', namespace: 'acme', author: 'Ann', parts };
      await createPlugin({ template, answers, dir, git: false });
      return dir;
    };
    const dir = await make([]);
    const before = treeHash(dir);
    const added = await wdev(['add', part, dir]);
    expect([added.status, added.stderr]).toEqual([0, '']);
    expect(Object.keys(treeOf(dir))).toContain(file);
    expect(treeOf(dir)).toEqual(treeOf(await make([part])));
    expect(await findings(dir)).toEqual([]);
    const tests = await run(['/usr/bin/python3', '-m', 'pytest', '-q', '-p', 'no:cacheprovider', 'tests'], {
      cwd: dir,
      env: { PYTHONDONTWRITEBYTECODE: '1' },
    });
    expect([tests.status, tests.stdout]).toEqual([0, expect.stringMatching(/\d+ passed/)]);
    expect((await wdev(['undo', dir])).status).toBe(0);
    expect(treeHash(dir)).toBe(before);
  });

  it.each(['smdr-logger', 'pjsip-endpoint-options'])('%s has no parts, and says so', async (template) => {
    const dir = path.join(tempFolder(), 'demo');
    const answers = { name: 'demo', namespace: 'acme', author: 'Ann' };
    await createPlugin({ template, answers, dir, git: false });
    const before = treeHash(dir);
    const refused = await wdev(['add', 'dialplan', dir]);
    expect([refused.status, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toContain(`(${template}) has no parts`);
    expect(refused.stderr).toContain('wdev new stack --part dialplan');
    expect(treeHash(dir)).toBe(before);
  });
});

const CASES = [
  { title: 'bdist archive', plugin: BDIST_PLUGIN, part: 'confd', module: 'queueboard/confd/plugin.py' },
  { title: 'bdist archive', plugin: BDIST_PLUGIN, part: 'dialplan', module: undefined },
  {
    title: 'plain copies',
    plugin: COPY_PLUGIN,
    part: 'calld',
    module: 'contoso_lunch_hours/calld/plugin.py',
  },
  { title: 'plain copies', plugin: COPY_PLUGIN, part: 'debian-depends', module: undefined },
] as const;

describe.each(CASES)('wdev add $part to a plugin of others ($title)', ({ plugin, part, module }) => {
  it('shows the answers that it amounts to, keeps what is there, and builds and checks as before', async () => {
    const dir = tempFolder();
    writeFiles(dir, plugin);
    await commitAll(dir);
    const before = treeHash(dir);
    const known = await findings(dir);
    const installed = await packaged(dir);

    const asked = await wdev(['add', part, dir]);
    expect(asked.status).toBe(2);
    expect(asked.stdout).toContain('It amounts to these answers:');
    expect(asked.stderr).toContain('Add --yes');
    expect(treeHash(dir)).toBe(before);

    const added = await wdev(['add', part, dir, '--yes']);
    expect([added.status, added.stderr]).toEqual([0, '']);
    expect((await findings(dir)).filter((finding) => !known.includes(finding))).toEqual([]);
    const now = await packaged(dir);
    // metadata of Python packages has the version in its path and stays too
    expect(installed.filter((file) => !now.includes(file))).toEqual([]);
    if (module !== undefined) expect(now.some((file) => file.endsWith(`/${module}`))).toBe(true);
    const again = await wdev(['add', part, dir, '--yes', '--force']);
    expect(again.stderr).toContain(`the plugin already has ${part}`);
    const updated = await wdev(['update', dir, '--force']);
    expect(updated.stdout).toContain('nothing to change');

    expect((await wdev(['undo', dir])).status).toBe(0);
    expect(treeHash(dir)).toBe(before);
  });
});

describe('wdev add to a plugin of others', () => {
  it('puts everything where the author would', async () => {
    const dir = tempFolder();
    writeFiles(dir, BDIST_PLUGIN);
    expect((await wdev(['add', 'confd', dir, '--yes'])).status).toBe(0);
    const read = (name: string): string => readFileSync(path.join(dir, name), 'utf8');
    expect(read('setup.py')).toContain("packages=['queueboard', 'queueboard.calld', 'queueboard.confd'],");
    expect(read('setup.py')).toContain(
      "'queue_board = queueboard.calld.plugin:Plugin',  # the board\n        ],\n        'wazo_confd.plugins': ['northwind_queue_board = queueboard.confd.plugin:Plugin'],\n    },",
    );
    const rules = read('wazo/rules');
    // the author's restart() is another one than ours
    expect(rules).toContain('restart() {\n    systemctl restart "wazo-$1" || true\n}');
    expect(rules).toContain('plugin_restart wazo-confd 9486');
    expect(rules).toContain(
      'cp etc/wazo-confd/conf.d/50-northwind-queue-board.yml "${pkgdir:?}/etc/wazo-confd/conf.d/50-northwind-queue-board.yml"',
    );
    const record = JSON.parse(read('.yo-rc.json')) as Record<string, unknown>;
    expect(record['generator-wazo-plugin']).toMatchObject({
      template: 'stack',
      package: 'queueboard',
      answers: { name: 'queue-board', parts: ['calld', 'confd'], pluginVersion: '2.3.1' },
    });
  });

  it('lets setup.py install pages, which lie in a folder below their package', async () => {
    const dir = tempFolder();
    writeFiles(dir, BDIST_PLUGIN);
    expect((await wdev(['add', 'ui', dir, '--yes'])).status).toBe(0);
    const setup = readFileSync(path.join(dir, 'setup.py'), 'utf8');
    expect(setup).toContain("package_data={'': ['templates/northwind_queue_board/*.html']},");
    expect(existsSync(path.join(dir, 'queueboard/ui/templates/northwind_queue_board/list.html'))).toBe(true);
  });

  it('puts Debian packages behind those of the author, whatever form the list has', async () => {
    const dir = tempFolder();
    writeFiles(dir, BDIST_PLUGIN);
    expect((await wdev(['add', 'debian-depends', dir, '--yes', '--debian-depends', 'sox'])).status).toBe(0);
    const manifest = readFileSync(path.join(dir, 'wazo/plugin.yml'), 'utf8');
    expect(manifest).toMatch(/debian_depends:.*\n {2}- (sox\n {2}- python3-yaml|python3-yaml\n {2}- sox)\n/);
    expect(manifest).toContain('# kept by hand\n');
  });

  it('writes nothing when rules are no case, and says what to do', async () => {
    const dir = tempFolder();
    writeFiles(dir, {
      ...COPY_PLUGIN,
      'wazo/rules': '#!/bin/sh\nif [ "$1" = package ]; then cp -R etc "$pkgdir"; fi\n',
    });
    const before = treeHash(dir);
    const refused = await wdev(['add', 'calld', dir, '--yes']);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('wazo/rules is not a case over its first argument');
    expect(treeHash(dir)).toBe(before);
  });
});
