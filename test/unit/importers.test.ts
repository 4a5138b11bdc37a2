import { describe, expect, it } from 'vitest';
import { importersIn } from '../../src/effects/importers.ts';
import { effectLabel } from '../../src/effects/registry.ts';
import { importsOf } from '../../src/readers/python/imports.ts';
import { sha256 } from '../../src/git/sources.ts';
import type { StagedTree } from '../../src/stage/tree.ts';

function tree(files: Readonly<Record<string, string>>): StagedTree {
  return new Map(
    Object.entries(files).map(([name, text]) => {
      const path = `/usr/lib/python3/dist-packages/${name}`;
      const bytes = Buffer.from(text);
      return [path, { path, mode: 0o644, hash: sha256(bytes), bytes }];
    }),
  );
}

describe('what a Python file imports', () => {
  it.each([
    ['import a.b, c as d  # e', 'p.q', false, ['a.b', 'c']],
    ['def f():\n    from a.b import (c,\n        d as e)\n', 'p.q', false, ['a.b', 'a.b.c', 'a.b.d']],
    ['from . import x', 'p.q', false, ['p', 'p.x']],
    ['from . import x', 'p.q', true, ['p.q', 'p.q.x']],
    ['from ..y import z', 'p.q.r', false, ['p.y', 'p.y.z']],
    ['# import a\nimportant = 1\n', 'p', false, []],
  ] as const)('%j', (text, module, isPackage, names) => {
    expect([...importsOf(text, module, isPackage)].sort()).toEqual([...names].sort());
  });
});

describe('a changed Python file restarts', () => {
  const entry = (group: string, value: string) => ({ group, name: 'acme', value });
  const entryPoints = [
    entry('wazo_calld.plugins', 'acme.calld.plugin:Plugin'),
    entry('wazo_confd.plugins', 'acme.confd.plugin:Plugin'),
  ];
  const all = tree({
    'acme/__init__.py': '',
    'acme/calld/__init__.py': '',
    'acme/calld/plugin.py': 'from acme_shared import words\nfrom ..confd import helper\n',
    'acme/confd/__init__.py': '',
    'acme/confd/plugin.py': 'import importlib\nfrom acme_bare import words\n',
    // no __init__.py: a namespace package
    'acme_bare/words.py': '',
    'acme/confd/helper.py': '',
    'acme_shared/__init__.py': '',
    'acme_shared/words.py': 'from .deep import more\n',
    'acme_shared/deep.py': '',
    'acme_shared/late.py': '',
    'wazo_agid/modules/acme.py': 'import acme_shared.deep\n',
    'tests/test_acme.py': '',
  });
  const restarts = (file: string, isClaimed: boolean): readonly string[] =>
    [...new Set(importersIn(all, entryPoints)(file, isClaimed).map((effect) => effectLabel(effect)))].sort();

  it.each([
    ['acme_shared/words.py', false, ['restart wazo-calld']],
    ['acme_shared/deep.py', false, ['restart wazo-agid', 'restart wazo-calld']],
    ['acme/confd/helper.py', true, ['restart wazo-calld']],
    ['acme_shared/late.py', false, ['restart wazo-agid', 'restart wazo-calld', 'restart wazo-confd']],
    ['acme/confd/late.py', true, []],
    ['acme_bare/words.py', false, ['restart wazo-confd']],
    ['acme_shared/words.json', false, ['restart wazo-agid', 'restart wazo-calld', 'restart wazo-confd']],
    ['tests/test_acme.py', false, []],
  ] as const)('for %s', (file, isClaimed, expected) => {
    expect(restarts(file, isClaimed)).toEqual(expected);
  });
});
