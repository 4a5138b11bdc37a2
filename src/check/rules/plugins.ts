import { ownDialplan } from '../dialplan.ts';
import { entryPointsOf } from '../entry-points.ts';
import { manifest, withFiles } from '../examples.ts';
import { ownModules } from '../python-packages.ts';
import type { Example, RuleChecks, Shared } from '../rule.ts';
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
    compare: {
      shared: ({ plugin: { kind, id } }) =>
        new Map([[`${kind} ${id}`, { name: id, file: 'wazo/plugin.yml', line: 1 }]]),
      message: ({ plugin }, { name }) => `Two plugins are named ${name}: this one and ${plugin.dir}`,
    },
  },
  'plugins-same-path': {
    area: 'files',
    bad: beside(withFiles({}, 'etc/asterisk/extensions_extra.d/acme-hello.conf in both'), {}),
    good: beside(withFiles({}, 'acme-hello.conf and acme-other.conf'), OTHER),
    check: () => [],
    compare: {
      shared: (subject) =>
        new Map(
          [...subject.package.files].map(([name, source]) => [name, { name, file: source ?? 'wazo/rules' }]),
        ),
      message: ({ plugin }, { name }) => `${plugin.id} (${plugin.dir}) installs ${name} too`,
    },
  },
  'plugins-same-entry-point': {
    area: 'python',
    needsPython: true,
    bad: pythonPair('acme_hello'),
    good: pythonPair('acme_other'),
    check: () => [],
    compare: {
      shared: (subject) =>
        new Map(
          entryPointsOf(subject).map((point) => [
            `${point.group} ${point.name}`,
            { name: `${point.name} in ${point.group}`, ...placeOf(point) },
          ]),
        ),
      message: ({ plugin }, { name }) => `${plugin.id} has ${name} too`,
    },
  },
  'plugins-same-package': {
    area: 'python',
    needsPython: true,
    bad: pythonPair('acme_other', 'acme_hello'),
    good: pythonPair('acme_other', 'acme_other'),
    check: () => [],
    compare: {
      shared: (subject) =>
        new Map([...installedModules(subject)].map((name) => [name, { name, file: 'setup.py', line: 1 }])),
      message: ({ plugin }, { name }) => `${plugin.id} installs the Python package ${name} too`,
    },
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
    compare: {
      shared: prioritiesOf,
      message: ({ plugin }, { name }, { file, line }) => `${plugin.id} defines ${name} too (${file}:${line})`,
    },
  },
} satisfies RuleChecks;

/** The priorities of a plugin's extensions; of an extension one is told. */
function prioritiesOf(subject: Subject): ReadonlyMap<string, Shared> {
  const { loaded, sources } = ownDialplan(subject);
  const found = loaded.contexts.flatMap((context) =>
    context.extensions.flatMap((extension) =>
      extension.priorities.flatMap(({ number, place }): readonly (readonly [string, Shared])[] => {
        const file = sources.get(place.file);
        if (file === undefined) return [];
        const key = JSON.stringify([context.name, extension.name, extension.callerId ?? '', number]);
        const name = `${extension.name} priority ${number} of ${context.name}`;
        const { line, column } = place;
        return [[key, { name, once: `${extension.name}@${context.name}`, file, line, column }]];
      }),
    ),
  );
  return new Map(found);
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
