import { describe, expect, it } from 'vitest';
import type { FileState, FileTree } from '../../src/edits/file-tree.ts';
import { mergeFile } from '../../src/update/merge-file.ts';
import { LABELS, mergeTrees } from '../../src/update/merge-trees.ts';

function tree(files: Readonly<Record<string, string>>, mode = 0o644): FileTree {
  return new Map(Object.entries(files).map(([path, text]): [string, FileState] => [path, { text, mode }]));
}

function texts(files: FileTree): Record<string, string> {
  return Object.fromEntries([...files].map(([path, { text }]) => [path, text]));
}

function merge(path: string, old: string, fresh: string, mine: string): string {
  const { text, conflicts } = mergeFile(path, { old, new: fresh, mine }, LABELS);
  expect(conflicts).toBe(0);
  return text;
}

describe('a tree', () => {
  it('takes what the template changed, and keeps what the author changed', () => {
    const merged = mergeTrees(
      tree({ a: '1\n2\n3\n', gone: 'x\n', removed: 'y\n', same: 's\n' }),
      tree({ a: '1\n2\n3 new\n', removed: 'y2\n', same: 's\n', added: 'n\n' }),
      tree({ a: '1 mine\n2\n3\n', gone: 'x\n', same: 'mine\n', own: 'o\n' }),
    );
    expect(texts(merged.files)).toEqual({
      a: '1 mine\n2\n3 new\n',
      same: 'mine\n',
      added: 'n\n',
      own: 'o\n',
    });
    expect(merged.conflicts).toEqual([]);
    expect(merged.notes).toEqual(['removed: you removed it, so what the template changed is skipped']);
  });

  it('marks what both changed, with what stood there before', () => {
    const merged = mergeTrees(tree({ a: 'x\nold\n' }), tree({ a: 'x\nnew\n' }), tree({ a: 'x\nmine\n' }));
    expect(texts(merged.files)['a']).toBe(
      'x\n<<<<<<< yours\nmine\n||||||| template before\nold\n=======\nnew\n>>>>>>> template now\n',
    );
    expect(merged.conflicts).toEqual([
      { path: 'a', reason: 'both changed the same lines, at 1 place', markers: true },
    ]);
  });

  it('follows a rename of the template, with the edits', () => {
    const text = 'one\ntwo\nthree\nfour\nfive\n';
    const merged = mergeTrees(
      tree({ 'old/name': text }),
      tree({ 'new/name': text.replace('five', 'FIVE') }),
      tree({ 'old/name': text.replace('one', 'ONE') }),
    );
    expect(texts(merged.files)).toEqual({ 'new/name': 'ONE\ntwo\nthree\nfour\nFIVE\n' });
    expect(merged.notes).toEqual(['old/name is new/name now']);
    const removed = mergeTrees(tree({ 'old/name': text }), tree({ 'new/name': text }), tree({}));
    expect(texts(removed.files)).toEqual({});
  });

  it('keeps a changed file that the template has no longer, and says so', () => {
    const merged = mergeTrees(tree({ a: '1\n' }), tree({}), tree({ a: 'mine\n' }));
    expect(texts(merged.files)).toEqual({ a: 'mine\n' });
    expect(merged.conflicts[0]?.reason).toContain('the template removed it');
  });

  it('merges the exec bit and leaves the other bits to the author', () => {
    const at = (mode: number): FileTree => tree({ a: 'x' }, mode);
    expect(mergeTrees(at(0o644), at(0o755), at(0o640)).files.get('a')?.mode).toBe(0o750);
    expect(mergeTrees(at(0o755), at(0o755), at(0o644)).files.get('a')?.mode).toBe(0o644);
    expect(mergeTrees(at(0o755), at(0o644), at(0o775)).files.get('a')?.mode).toBe(0o664);
  });

  it('never merges what is no text', () => {
    const bytes = (text: string): FileTree => new Map([['s.wav', { text, mode: 0o644, encoding: 'base64' }]]);
    const merged = mergeTrees(bytes('AAA='), bytes('BBB='), bytes('CCC='));
    expect(merged.files.get('s.wav')?.text).toBe('CCC=');
    expect(merged.conflicts[0]?.reason).toContain('it is not text; yours is kept');
    expect(mergeTrees(bytes('AAA='), bytes('BBB='), bytes('AAA=')).files.get('s.wav')?.text).toBe('BBB=');
  });
});

const RULES = (arms: Readonly<Record<string, string>>, before = ''): string =>
  `#!/bin/sh\nset -e\n\n${before}case "$1" in\n${Object.entries(arms)
    .map(
      ([name, body]) =>
        `    ${name})\n${body === '' ? '' : `        ${body.replaceAll('\n', '\n        ')}\n`}        ;;\n`,
    )
    .join('')}esac\n`;

describe('structure', () => {
  it('plugin.yml: keys side by side, comments kept', () => {
    const old = 'name: a\nversion: "1"\ndepends: []\ndebian_depends: []\n';
    const fresh = 'name: a\nversion: "1"\nplugin_format_version: 2\ndepends: []\ndebian_depends:\n  - sox\n';
    const mine =
      '# mine\nname: a\nversion: "1.1" # bumped\ndepends: []\n# needs\ndebian_depends:\n  - vim # editor\nhomepage: x\n';
    expect(merge('wazo/plugin.yml', old, fresh, mine)).toBe(
      '# mine\nname: a\nversion: "1.1" # bumped\nplugin_format_version: 2\ndepends: []\n# needs\ndebian_depends:\n  - sox\n  - vim # editor\nhomepage: x\n',
    );
  });

  it('conf.d: nested mappings', () => {
    const old = 'enabled_plugins:\n  a: true\n\na:\n  greeting: Hello\n';
    const fresh = 'enabled_plugins:\n  a: true\n  b: true\n\na:\n  greeting: Hello\n  timeout: 5\n';
    const mine =
      'enabled_plugins:\n  a: true\n  mine: true\n\na:\n  # in the morning\n  greeting: Good morning\n';
    expect(merge('etc/wazo-calld/conf.d/50.yml', old, fresh, mine)).toBe(
      'enabled_plugins:\n  a: true\n  b: true\n  mine: true\n\na:\n  # in the morning\n  greeting: Good morning\n  timeout: 5\n',
    );
  });

  it('rules: arms and functions', () => {
    const old = RULES({ build: '', package: 'cp -R etc "$pkgdir/"', install: 'take_effect', '*': 'exit 1' });
    const fresh = RULES(
      {
        build: 'make it',
        package: 'cp -R etc "$pkgdir/"\nchmod x',
        install: 'take_effect',
        postrm: 'take_effect',
        '*': 'exit 1',
      },
      '# effect\ntake_effect() {\n    restart\n}\n\n',
    );
    const mine = RULES(
      {
        build: 'mine first',
        package: 'mkdir y\ncp -R etc "$pkgdir/"',
        install: 'take_effect\nmine',
        mine: 'echo',
        '*': 'exit 2',
      },
      '# mine\nhelp() {\n    echo\n}\n\n',
    );
    expect(merge('wazo/rules', old, fresh, mine)).toBe(
      RULES(
        {
          build: 'mine first\nmake it',
          package: 'mkdir y\ncp -R etc "$pkgdir/"\nchmod x',
          install: 'take_effect\nmine',
          postrm: 'take_effect',
          mine: 'echo',
          '*': 'exit 2',
        },
        '# effect\ntake_effect() {\n    restart\n}\n\n# mine\nhelp() {\n    echo\n}\n\n',
      ),
    );
  });

  it('setup.py: entry points in the form of the author', () => {
    const setup = (points: string, rest = ''): string =>
      `setup(\n    name='a',${rest}\n    entry_points=${points},\n)\n`;
    const old = setup("{\n        'g.one': [\n            'a = a.x:P',\n        ],\n    }");
    const fresh = setup(
      "{\n        'g.one': [\n            'a = a.x:P',\n            'b = a.y:P',\n        ],\n        'g.two': [\n            'c = a.z:P',\n        ],\n    }",
    );
    expect(
      merge('setup.py', old, fresh, setup("{'g.one': ['mine = m:P', 'a = a.x:P']}", '\n    zip_safe=False,')),
    ).toBe(
      setup(
        "{'g.one': ['mine = m:P', 'a = a.x:P', 'b = a.y:P'], 'g.two': ['c = a.z:P']}",
        '\n    zip_safe=False,',
      ),
    );
    expect(
      merge(
        'setup.py',
        old,
        fresh,
        setup("{\n        'g.one': [\n            'a = a.x:P',\n            'mine = m:P'\n        ]\n    }"),
      ),
    ).toBe(
      setup(
        "{\n        'g.one': [\n            'a = a.x:P',\n            'mine = m:P',\n            'b = a.y:P',\n        ],\n        'g.two': ['c = a.z:P'],\n    }",
      ),
    );
  });

  it('setup.cfg, pyproject.toml and requirements', () => {
    const cfg = '[metadata]\nname = a\n\n[options.entry_points]\ng.one =\n    a = a.x:P\n';
    expect(
      merge(
        'setup.cfg',
        cfg,
        `${cfg}g.two =\n    c = a.z:P\n`,
        cfg.replace('    a =', '    mine = m:P\n    a ='),
      ),
    ).toBe(
      '[metadata]\nname = a\n\n[options.entry_points]\ng.one =\n    mine = m:P\n    a = a.x:P\ng.two =\n    c = a.z:P\n',
    );
    const toml = '[project]\nname = "a"\n\n[project.entry-points."g.one"]\na = "a.x:P"\n';
    expect(merge('pyproject.toml', toml, `${toml}b = "a.y:P"\n`, `${toml}mine = "m:P"\n`)).toBe(
      `${toml}b = "a.y:P"\nmine = "m:P"\n`,
    );
    expect(merge('requirements.txt', 'a==1\nb\n', 'a==2\nb\nc\n', 'a==1\nb>=3\nmine\n')).toBe(
      'a==2\nb>=3\nc\nmine\n',
    );
  });

  it('keeps the line ends of the author', () => {
    expect(merge('a.txt', 'a\nb\nc\n', 'a\nb\nC\n', 'A\r\nb\r\nc\r\n')).toBe('A\r\nb\r\nC\r\n');
  });
});
