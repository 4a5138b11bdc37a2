import { ownDialplan } from '../dialplan.ts';
import { entryPointsOf } from '../entry-points.ts';
import { manifest, withFiles } from '../examples.ts';
import { ownModules } from '../python-packages.ts';
import type { Example, Hit, RuleChecks } from '../rule.ts';
import type { Subject } from '../subject.ts';
import { calldPlugin, placeOf } from './python-code.ts';

function beside(example: Example, files: Readonly<Record<string, string | null>>): Example {
  return { ...example, beside: { ...manifest({ name: 'other' }).files, ...files } };
}

/** A second plugin with one dialplan file of its own. */
function otherDialplan(name: string, text: string): Readonly<Record<string, string | null>> {
  const folder = 'etc/asterisk/extensions_extra.d';
  return { [`${folder}/acme-hello.conf`]: null, [`${folder}/${name}`]: text };
}

const OTHER = otherDialplan('acme-other.conf', '[acme-other]\nexten = s,1,Return()\n');

export const PLUGINS_CHECKS = {
  'plugins-same-name': {
    area: 'manifest',
    kinds: ['stack'],
    bad: { ...withFiles({}, 'acme/hello and acme/hello'), beside: OTHER },
    good: { ...beside(withFiles({}, 'acme/hello and acme/other'), OTHER) },
    check: () => [],
    compare: (subject, others) =>
      others
        .filter(({ plugin }) => plugin.kind === subject.plugin.kind && plugin.id === subject.plugin.id)
        .map(({ plugin }) => ({
          file: 'wazo/plugin.yml',
          line: 1,
          message: `${plugin.dir} is ${plugin.id} too`,
        })),
  },
  'plugins-same-path': {
    area: 'files',
    bad: beside(withFiles({}, 'etc/asterisk/extensions_extra.d/acme-hello.conf in both'), {}),
    good: beside(withFiles({}, 'acme-hello.conf and acme-other.conf'), OTHER),
    check: () => [],
    compare: (subject, others) =>
      others.flatMap((other) =>
        [...subject.package.files]
          .filter(([path]) => other.package.files.has(path))
          .map(([path, source]) => ({
            file: source ?? 'wazo/rules',
            message: `${other.plugin.id} installs ${path} too`,
          })),
      ),
  },
  'plugins-same-entry-point': {
    area: 'python',
    needsPython: true,
    bad: pythonPair('acme_hello'),
    good: pythonPair('acme_other'),
    check: () => [],
    compare: (subject, others) =>
      others.flatMap((other) => {
        const taken = entryPointNames(other);
        return entryPointsOf(subject)
          .filter(({ group, name }) => taken.has(`${group} ${name}`))
          .map((point) => ({
            ...placeOf(point),
            message: `${other.plugin.id} has ${point.name} in ${point.group} too`,
          }));
      }),
  },
  'plugins-same-package': {
    area: 'python',
    needsPython: true,
    bad: pythonPair('acme_other', 'acme_hello'),
    good: pythonPair('acme_other', 'acme_other'),
    check: () => [],
    compare: (subject, others) =>
      others.flatMap((other) => {
        const taken = importedNames(other);
        return [...importedNames(subject)]
          .filter((name) => taken.has(name))
          .map((name): Hit => ({
            file: 'setup.py',
            line: 1,
            message: `${other.plugin.id} installs the Python package ${name} too`,
          }));
      }),
  },
  'plugins-same-extension': {
    area: 'dialplan',
    bad: beside(
      withFiles({}, '; in both\n[xivo-extrafeatures]\nexten = ***42,1,…'),
      otherDialplan('acme-other.conf', '[xivo-extrafeatures]\nexten = ***42,1,Hangup()\n'),
    ),
    good: beside(
      withFiles({}, 'exten = ***42,1,…  and  exten = ***43,1,…'),
      otherDialplan('acme-other.conf', '[xivo-extrafeatures]\nexten = ***43,1,Hangup()\n'),
    ),
    check: () => [],
    compare: (subject, others) =>
      others.flatMap((other) => {
        const taken = prioritiesByKey(other);
        const seen = new Set<string>();
        return [...prioritiesByKey(subject).values()].flatMap((entry): readonly Hit[] => {
          const same = taken.get(entry.key);
          const name = `${entry.extension}@${entry.context}`;
          if (same === undefined || seen.has(name)) return [];
          seen.add(name);
          const message = `${other.plugin.id} defines ${entry.extension} priority ${entry.number} of ${entry.context} too (${same.file}:${same.line})`;
          return [{ file: entry.file, line: entry.line, column: entry.column, message }];
        });
      }),
  },
} satisfies RuleChecks;

/** Remembers what a function makes of a plugin: every later plugin of the run is compared with it. */
function once<T>(make: (subject: Subject) => T): (subject: Subject) => T {
  const made = new WeakMap<Subject, { readonly value: T }>();
  return (subject) => {
    const known = made.get(subject) ?? { value: make(subject) };
    made.set(subject, known);
    return known.value;
  };
}

const entryPointNames = once(
  (subject) => new Set(entryPointsOf(subject).map(({ group, name }) => `${group} ${name}`)),
);

const prioritiesByKey = once((subject) => new Map(priorities(subject).map((entry) => [entry.key, entry])));

const importedNames = once(installedModules);

function priorities(subject: Subject) {
  const { loaded, sources } = ownDialplan(subject);
  return loaded.contexts.flatMap((context) =>
    context.extensions.flatMap((extension) =>
      extension.priorities.flatMap(({ number, place }) => {
        const file = sources.get(place.file);
        if (file === undefined) return [];
        const caller = extension.callerId ?? '';
        const key = JSON.stringify([context.name, extension.name, caller, number]);
        const { line, column } = place;
        return [{ key, context: context.name, extension: extension.name, number, file, line, column }];
      }),
    ),
  );
}

function installedModules(subject: Subject): ReadonlySet<string> {
  if (!subject.files.has('setup.py') && !subject.files.has('pyproject.toml')) return new Set();
  return new Set(
    [...ownModules(subject)].filter((name) => !/^(?:setup|tests?|conftest|docs|build)$/.test(name)),
  );
}

/** A plugin of wazo-calld beside another one; `name` and `folder` are those of the other. */
function pythonPair(name: string, folder = name): Example {
  const entry = `'wazo_calld.plugins': ['${name} = ${folder}.plugin:Plugin']`;
  const { files } = calldPlugin({}, '', entry);
  const moved = Object.fromEntries(
    Object.entries(files).map(([path, text]) => [
      path.replace(/^acme_hello\//, `${folder}/`).replace('50-acme-hello', '50-acme-other'),
      text,
    ]),
  );
  return beside(calldPlugin({}, `${name} = ${folder}.plugin:Plugin   # in acme/other`), {
    ...moved,
    ...OTHER,
  });
}
