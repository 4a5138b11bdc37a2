import { describe, expect, it } from 'vitest';
import { planMigration } from '../../src/migrate/migrate.ts';
import { readPythonTexts } from '../../src/readers/python/read-facts.ts';
import { branchLine, branchOf, lineNaming } from '../../src/readers/shell/rules-text.ts';

const RULES = `#!/bin/sh
restart() {
    case "$2" in
        install) systemctl restart wazo-calld ;;
    esac
}
case "$1" in
    build)
        case "$x" in
            package) echo "a ;; b" ;;
        esac
        ;;
    "package" | install)
        cp -R etc "$pkgdir/"  # in case of install) ;;
        ;;
    uninstall) rm /etc/a
esac
`;

describe('the branches of wazo/rules', () => {
  it('are found in the case over its command, whatever looks like one elsewhere', () => {
    const names = ['build', 'package', 'install', 'uninstall', 'postrm'];
    expect(names.map((name) => branchLine(RULES, name))).toEqual([8, 13, 13, 16, undefined]);
    expect(branchOf(RULES, 'build')).toEqual({ from: 7, to: 12 });
    expect(branchOf(RULES, 'uninstall')).toEqual({ from: 15, to: 16 });
    expect(lineNaming(RULES, 'package', 'cp -R etc')).toBe(14);
  });

  it('are found in a script that the shell cannot read to its end', () => {
    const text = '#!/bin/sh\ncase "$1" in\n  build) true ;;\n  install)\n    if true; then\n';
    expect(branchLine(text, 'install')).toBe(4);
  });
});

describe('migrating setup.py', () => {
  it('changes calls and imports of the program, and no texts or comments', async () => {
    const text =
      '"""How to yaml.load(x)"""\nfrom distutils.core import setup\nimport yaml\n# yaml.load(f)\nwith open("é") as f:\n    a = "é", yaml.load(f), yaml.load(f, yaml.Loader), yaml.load(open("x").read())\nsetup()\n';
    const before = new Map([['setup.py', { text, mode: 0o644 }]]);
    const options = { to: '26.07', namespace: 'local' };
    const { edits } = planMigration(before, options, await readPythonTexts([text]));
    expect(edits[0]?.after?.text).toBe(
      text
        .replace('distutils.core', 'setuptools')
        .replace('"é", yaml.load(f)', '"é", yaml.safe_load(f)')
        .replace('yaml.load(open', 'yaml.safe_load(open'),
    );
  });
});
