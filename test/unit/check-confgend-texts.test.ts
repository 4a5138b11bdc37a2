import { describe, expect, it } from 'vitest';
import { checkPlugin } from '../../src/check/check.ts';
import type { Plugin } from '../../src/kinds/plugin.ts';

const PLUGIN: Plugin = {
  kind: 'confgend',
  dir: '/p',
  id: 'acme',
  name: 'acme',
  namespace: 'acme',
  version: '1.0',
};

/** `CODE file:line` of all that is said of a driver that adds to a stock file, with these lines in generate(). */
async function told(
  target: string,
  lines: readonly string[],
  files: Readonly<Record<string, string>> = {},
  head = '',
  more = '',
): Promise<readonly string[]> {
  const driver = `from stevedore.driver import DriverManager
${head}

class Driver:
    def __init__(self, dependencies):
        self._dependencies = dependencies

    def generate(self):
        stock = DriverManager('wazo_confgend.${target}', 'wazo', True, (self._dependencies,)).driver.generate()
${lines.map((line) => `        ${line}`).join('\n')}
`;
  const all = {
    'setup.py': `from setuptools import find_packages, setup
setup(name='acme-driver', version='1.0', packages=find_packages(),
      entry_points={'wazo_confgend.${target}': ['acme = acme_driver.driver:Driver']${more}})
`,
    'acme_driver/__init__.py': '',
    'acme_driver/driver.py': driver,
    'etc/wazo-confgend/conf.d/50-acme.yml': `plugins:\n  ${target}: acme\n`,
    ...files,
  };
  const sources = new Map(
    Object.entries(all).map(([path, text]) => [path, { path, mode: 0o644, bytes: Buffer.from(text) }]),
  );
  const found = await checkPlugin(PLUGIN, sources);
  return found.map(({ code, file, line }) => `${code} ${file}:${line}`);
}

const MODULES = 'asterisk.modules.conf';
const NETWORK = 'provd.network.yml';

/** Drivers as people write them: the text that they add is not always in one literal of their own file. */
describe('a section that the stock file lacks is seen', () => {
  it('in a text that is indented as the code', async () => {
    const lines = ["return stock + dedent('''", '    [general](+)', '    noload = x.so', "''')"];
    expect(await told(MODULES, lines, {}, 'from textwrap import dedent\n')).toEqual([
      'confgend-section-unknown acme_driver/driver.py:12',
    ]);
  });

  it('in a module that the driver imports', async () => {
    const files = { 'acme_driver/texts.py': "ADDED = '[general](+)\\nnoload = x.so\\n'\n" };
    const said = await told(MODULES, ['return stock + ADDED'], files, 'from .texts import ADDED\n');
    expect(said).toEqual(['confgend-section-unknown acme_driver/texts.py:1']);
  });

  it('in a template that the driver names', async () => {
    const files = { 'etc/wazo-confgend/templates/acme/more.jinja': '; more\n[general](+)\n' };
    const lines = [
      "template = self._dependencies['tpl_helper'].get_template('acme/more')",
      'return stock + template.dump({})',
    ];
    expect(await told(MODULES, lines, files)).toEqual([
      'confgend-section-unknown etc/wazo-confgend/templates/acme/more.jinja:2',
    ]);
    const yaml = await told(NETWORK, lines, { 'etc/wazo-confgend/templates/acme/more.jinja': '[a]\n' });
    expect(yaml).toEqual(['confgend-ini-in-yaml etc/wazo-confgend/templates/acme/more.jinja:1']);
  });

  it('not where a driver of another file may use it', async () => {
    const files = {
      'acme_driver/texts.py': "ADDED = '[general](+)\\nnoload = x.so\\n'\n",
      'acme_driver/features.py': `from stevedore.driver import DriverManager
from .texts import ADDED


class Driver:
    def __init__(self, dependencies):
        self._dependencies = dependencies

    def generate(self):
        stock = DriverManager('wazo_confgend.asterisk.features.conf', 'wazo', True, (self._dependencies,)).driver.generate()
        return stock + ADDED
`,
      'etc/wazo-confgend/conf.d/60-acme.yml': 'plugins:\n  asterisk.features.conf: acme\n',
    };
    const more = ", 'wazo_confgend.asterisk.features.conf': ['acme = acme_driver.features:Driver']";
    const head = 'from .texts import ADDED\n';
    expect(await told(MODULES, ["return stock + '[modules](+)\\n'"], files, head, more)).toEqual([]);
  });
});

describe('a driver of a YAML file', () => {
  it.each([
    "name = re.sub('[0-9]', '', 'a1')",
    "name = re.sub(r'[abc]', '', 'a1')",
    "name = 'a_b'.strip('[_]')",
    "PATTERN = re.compile('[a-zA-Z0-9_-]')",
  ])('may hold the expression %s', async (line) => {
    expect(await told(NETWORK, [line, 'return stock'], {}, 'import re\n')).toEqual([]);
  });

  it.each(["lines = [stock, '[general]', 'verbose = 1']", "text = '[xivo-extra]\\nverbose = 1'"])(
    'may not hold the section of %s',
    async (line) => {
      expect(await told(NETWORK, [line, 'return stock'])).toEqual([
        'confgend-ini-in-yaml acme_driver/driver.py:10',
      ]);
    },
  );
});
