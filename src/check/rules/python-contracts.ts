import { entryPointsOf } from '../entry-points.ts';
import { together } from '../examples.ts';
import type { PythonClass } from '../../readers/python/facts.ts';
import { moduleFile } from '../python-packages.ts';
import type { Example, RuleChecks } from '../rule.ts';
import type { Subject } from '../subject.ts';
import { hasStockDriver } from '../../wazo/generated-files.ts';
import { calldPlugin, placeOf } from './python-code.ts';

/** The demands of a service on the class that an entry point names. */
export const PYTHON_CONTRACT_CHECKS = {
  'webhookd-run-not-classmethod': {
    area: 'python',
    needsPython: true,
    bad: webhook(''),
    good: webhook('    @classmethod\n'),
    check: (subject) =>
      entryClasses(subject, (group) => group === 'wazo_webhookd.services').flatMap(({ file, found }) =>
        found.methods
          .filter(
            ({ name, decorators }) =>
              name === 'run' && !decorators.some((text) => /^(?:class|static)method$/.test(text)),
          )
          .map(({ line, column }) => ({
            file,
            line,
            column,
            message: 'wazo-webhookd calls run() on the class, but it is not a class method',
          })),
      ),
  },
  'confgend-no-generate': {
    area: 'python',
    needsPython: true,
    bad: confgend('    def render(self):\n'),
    good: confgend('    def generate(self):\n'),
    check: (subject) =>
      entryClasses(subject, (group) => group.startsWith('wazo_confgend.')).flatMap(({ file, found }) => {
        const inherits = found.bases.some((base) => base !== 'object');
        const has =
          found.methods.some(({ name }) => name === 'generate') || found.attributes.includes('generate');
        if (inherits || has) return [];
        return [
          { file, line: found.line, column: found.column, message: `${found.name} has no method "generate"` },
        ];
      }),
  },
  'confgend-driver-wazo': {
    area: 'python',
    needsPython: true,
    bad: confgend('    def generate(self):\n', 'wazo'),
    good: confgend('    def generate(self):\n', 'acme_hello'),
    check: (subject) =>
      entryPointsOf(subject)
        .filter(({ group, name }) => name === 'wazo' && hasStockDriver(group))
        .map((point) => ({
          ...placeOf(point),
          message:
            'Wazo\'s own driver is named "wazo" too, and of two drivers with one name wazo-confgend loads neither',
        })),
  },
} satisfies RuleChecks;

/** The classes that entry points of some groups name, with their files. */
function entryClasses(
  subject: Subject,
  wanted: (group: string) => boolean,
): readonly { file: string; found: PythonClass }[] {
  return entryPointsOf(subject)
    .filter(({ group }) => wanted(group))
    .flatMap((point) => {
      const file = moduleFile(subject, point.module);
      const found = subject.python?.files[file ?? '']?.classes.find(({ name }) => name === point.attribute);
      return file === undefined || found === undefined ? [] : [{ file, found }];
    });
}

function webhook(decorator: string): Example {
  const shown = `class Service:\n${decorator}    def run(cls, task, config, subscription, event):\n        return None\n`;
  const text = `class Service:\n    def load(self, dependencies):\n        pass\n\n${decorator}    def run(cls, task, config, subscription, event):\n        return None\n`;
  const files = calldPlugin(
    { 'acme_hello/plugin.py': text },
    '',
    "'wazo_webhookd.services': ['acme_hello = acme_hello.plugin:Service']",
  ).files;
  const rules = (files['wazo/rules'] ?? '').replaceAll('wazo-calld', 'wazo-webhookd');
  return {
    files: {
      ...files,
      'wazo/rules': rules,
      'etc/wazo-calld/conf.d/50-acme-hello.yml': null,
      'etc/wazo-webhookd/conf.d/50-acme-hello.yml': 'enabled_services:\n  acme_hello: true\n',
    },
    shown,
  };
}

function confgend(method: string, name = 'acme_hello'): Example {
  const line = `'wazo_confgend.asterisk.rtp.conf': ['${name} = acme_hello.driver:Driver']`;
  const driver = `from stevedore.driver import DriverManager\n\n\nclass Driver:\n    def __init__(self, dependencies):\n        self._config = dependencies['config']\n\n${method}        return '; hello'\n`;
  const base = calldPlugin({ 'acme_hello/driver.py': driver }, '', line);
  const example = together(base, {
    files: {
      'wazo/plugin.yml': null,
      'wazo/rules': null,
      'etc/asterisk/extensions_extra.d/acme-hello.conf': null,
      'etc/wazo-calld/conf.d/50-acme-hello.yml': null,
      'etc/wazo-confgend/conf.d/50-acme-hello.yml': `plugins:\n  asterisk.rtp.conf: ${name}\n`,
    },
    shown: '',
  });
  return { ...example, kind: 'confgend', shown: `# setup.py\n${line}\n# acme_hello/driver.py\n${driver}` };
}
