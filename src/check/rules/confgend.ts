import { entryPointsOf } from '../entry-points.ts';
import { together } from '../examples.ts';
import { importsOf } from '../../readers/python/imports.ts';
import { moduleFile } from '../python-packages.ts';
import type { Example, Hit, RuleChecks } from '../rule.ts';
import type { Subject } from '../subject.ts';
import type { SourceText } from '../../readers/source-text.ts';
import { generatedBy, generatedName, type GeneratedFile } from '../../wazo/entry-point.ts';
import { UNREAD_FILES, formatOf, replacedFile, stockFile } from '../../wazo/generated-files.ts';
import { calldPlugin, placeOf } from './python-code.ts';

/** A driver that adds to Wazo's begins so. */
const ASKING = 'from stevedore.driver import DriverManager\n\n\n';

/** The rules about a driver for a file that Wazo generates too. */
export const CONFGEND_CHECKS = {
  'confgend-replaces-stock': {
    area: 'python',
    needsPython: true,
    bad: driver('asterisk.pjsip.conf', "return '[global]\\n'"),
    good: driver('asterisk.acme.conf', "return '[global]\\n'"),
    check: (subject) =>
      drivers(subject)
        .filter(({ target, file }) => stockFile(target) !== undefined && !asksWazo(subject, file.path))
        .map(({ target, file, attribute }) => ({
          ...classPlace(subject, file, attribute),
          message: `This driver replaces Wazo's ${generatedName(target)}${sectionsText(target, 'including')}`,
          help: `Extend what Wazo's own driver generates (wdev new confgend --generated-file ${generatedName(target)}). If the replacement is intended: # wdev: ignore confgend-replaces-stock REASON`,
        })),
  },
  'confgend-file-unread': {
    area: 'python',
    bad: driver('asterisk.sip.conf', "return '[acme]\\n'"),
    good: driver('asterisk.acme.conf', "return '[acme]\\n'"),
    check: (subject) =>
      entryPointsOf(subject).flatMap((point): readonly Hit[] => {
        const target = generatedBy(point.group);
        const now = target === undefined ? undefined : UNREAD_FILES[generatedName(target)];
        if (target === undefined || now === undefined) return [];
        const message = `No service reads ${generatedName(target)} any more`;
        return [{ ...placeOf(point), message, help: replacedFile(now) }];
      }),
  },
  'confgend-section-unknown': {
    area: 'python',
    needsPython: true,
    bad: driver('asterisk.modules.conf', "return self._stock() + '[general](+)\\n'", ASKING),
    good: driver('asterisk.modules.conf', "return self._stock() + '[modules](+)\\n'", ASKING),
    check: (subject) =>
      written(subject).flatMap(({ target, texts }): readonly Hit[] => {
        const stock = stockFile(target);
        if (stock === undefined || stock.format !== 'asterisk') return [];
        return texts
          .flatMap(sectionsIn)
          .filter(({ name, again }) => again && !stock.sections.includes(name))
          .map(({ name, place }) => ({
            ...place,
            // a server may have it: a transport, a queue, a parking lot
            level: stock.open && name !== 'general' ? 'warning' : 'error',
            message: `Wazo's ${stock.name} has no section [${name}] to extend${sectionsText(target, 'only')}`,
          }));
      }),
  },
  'confgend-ini-in-yaml': {
    area: 'python',
    needsPython: true,
    bad: driver('provd.network.yml', "return self._stock() + '[general]\\n'", ASKING),
    good: driver('provd.network.yml', "return self._stock() + 'general: {}\\n'", ASKING),
    check: (subject) =>
      written(subject)
        .filter(({ target }) => formatOf(target) === 'yaml')
        .flatMap(({ target, texts }) =>
          texts
            .flatMap(sectionsIn)
            .slice(0, 1)
            .map(({ name, place }) => ({
              ...place,
              message: `${generatedName(target)} is YAML, but the driver writes the section [${name}]`,
            })),
        ),
  },
} satisfies RuleChecks;

interface FoundDriver {
  readonly target: GeneratedFile;
  readonly module: string;
  readonly file: SourceText;
  readonly attribute: string;
}

function drivers(subject: Subject): readonly FoundDriver[] {
  return entryPointsOf(subject).flatMap(({ group, module, attribute }) => {
    const target = generatedBy(group);
    const file = subject.files.get(moduleFile(subject, module) ?? '');
    return target === undefined || file === undefined ? [] : [{ target, module, file, attribute }];
  });
}

/** Whether the module, or another of its package, loads what Wazo has: a driver by stevedore, or a class of wazo-confgend. */
function asksWazo(subject: Subject, path: string): boolean {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return Object.entries(subject.python?.files ?? {}).some(
    ([file, { imports, unread }]) =>
      file.startsWith(folder) &&
      (unread === true || imports.some(({ module }) => /^(?:stevedore|wazo_confgend)\b/.test(module))),
  );
}

function classPlace(
  subject: Subject,
  file: SourceText,
  name: string,
): { file: string; line: number; column: number } {
  const found = subject.python?.files[file.path]?.classes.find((one) => one.name === name);
  return { file: file.path, line: found?.line ?? 1, column: found?.column ?? 1 };
}

function sectionsText(target: GeneratedFile, before: string): string {
  const sections = stockFile(target)?.sections ?? [];
  if (sections.length === 0) return '';
  return `, ${before} ${sections
    .slice(0, 3)
    .map((name) => `[${name}]`)
    .join(', ')}${sections.length > 3 ? ' and others' : ''}`;
}

/** The texts that a plugin writes into one generated file. */
interface Written {
  readonly target: GeneratedFile;
  readonly texts: readonly SourceText[];
}

/** The texts of the drivers of each file: their modules, what these import of the plugin, the templates that they name. */
function written(subject: Subject): readonly Written[] {
  const byFile = new Map<string, { target: GeneratedFile; texts: Set<SourceText> }>();
  const known = new Map<SourceText, readonly SourceText[]>();
  for (const driver of drivers(subject)) {
    const parts = known.get(driver.file) ?? partsOf(subject, driver);
    known.set(driver.file, parts);
    const name = generatedName(driver.target);
    const entry = byFile.get(name) ?? { target: driver.target, texts: new Set() };
    byFile.set(name, entry);
    for (const part of parts) entry.texts.add(part);
  }
  const uses = new Map<SourceText, number>();
  for (const { texts } of byFile.values())
    for (const text of texts) uses.set(text, (uses.get(text) ?? 0) + 1);
  // what drivers of two files use may be for either
  return [...byFile.values()].map(({ target, texts }) => {
    return { target, texts: [...texts].filter((text) => uses.get(text) === 1) };
  });
}

function partsOf(subject: Subject, { file, module }: FoundDriver): readonly SourceText[] {
  const isPackage = file.path.endsWith('/__init__.py');
  const imported = [...importsOf(file.text, module, isPackage)].map(
    (name) => moduleFile(subject, name) ?? '',
  );
  const templates = [...file.text.matchAll(/(?<=['"])[\w./-]{1,200}(?=['"])/g)].map(
    ([name]) => `etc/wazo-confgend/templates/${name}.jinja`,
  );
  return [file, ...[...imported, ...templates].flatMap((path) => subject.files.get(path) ?? [])];
}

/** Headers of sections in the literals of a Python file: they begin a literal or a line of it, and end it. */
const HEADER = /(['"]|\\n|^[ \t]*)\[([A-Za-z0-9_.-]+)\](\(\+\))?(?=['"]|\\n|\r?$)/gm;

/** A set of characters in a regular expression. */
const CHARACTERS = /^(?:\w-\w|[_.-])+$/;
const EXPRESSION = /\bre\.\w+\([rRbB]{0,2}$/;

interface Section {
  readonly name: string;
  readonly again: boolean;
  readonly place: { readonly file: string; readonly line: number; readonly column: number };
}

function sectionsIn(file: SourceText): readonly Section[] {
  const isPython = file.path.endsWith('.py');
  return [...file.text.matchAll(HEADER)].flatMap(
    ({ 1: before = '', 2: name = '', 3: again, index }): readonly Section[] => {
      const place = file.at(index + before.length);
      if (again !== undefined) return [{ name, again: true, place }];
      // a list of Python stands on a line of its own, too
      const isList = isPython && /^[ \t]+$/.test(before);
      const isPattern =
        CHARACTERS.test(name) || EXPRESSION.test(file.text.slice(Math.max(0, index - 40), index));
      return isList || isPattern ? [] : [{ name, again: false, place }];
    },
  );
}

function driver(file: string, body: string, head = ''): Example {
  const group = `wazo_confgend.${file}`;
  const line = `'${group}': ['acme_hello = acme_hello.driver:Driver']`;
  const stock =
    head === ''
      ? ''
      : `    def _stock(self):\n        return DriverManager('${group}', 'wazo', True, (self._dependencies,)).driver.generate()\n\n`;
  const text = `${head}class Driver:\n    def __init__(self, dependencies):\n        self._dependencies = dependencies\n\n${stock}    def generate(self):\n        ${body}\n`;
  const base = calldPlugin({ 'acme_hello/driver.py': text }, '', line);
  const example = together(base, {
    files: {
      'wazo/plugin.yml': null,
      'wazo/rules': null,
      'etc/asterisk/extensions_extra.d/acme-hello.conf': null,
      'etc/wazo-calld/conf.d/50-acme-hello.yml': null,
      'etc/wazo-confgend/conf.d/50-acme-hello.yml': `plugins:\n  ${file}: acme_hello\n`,
    },
    shown: '',
  });
  return { ...example, kind: 'confgend', shown: `# setup.py\n${line}\n# acme_hello/driver.py\n${text}` };
}
