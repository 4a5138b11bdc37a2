/** The plugins of the matrix: every part alone, pairs of parts, every kind, option and format version. */

import { createHash } from 'node:crypto';
import { exampleNames, isKind } from '../../src/templates/built-in.ts';
import { loadTemplate, type Kind } from '../../src/templates/load.ts';

export interface Case {
  /** Unique, and what a person reads. */
  readonly title: string;
  readonly kind: Kind;
  /** An example instead of the kind itself. */
  readonly template?: string;
  readonly answers: Readonly<Record<string, unknown>>;
  /** The only part, when it is one part with its default answers. */
  readonly part?: string;
}

const PARTS = loadTemplate('stack').parts.map((part) => part.name);

function singleParts(): readonly Case[] {
  return PARTS.map((part) => ({ title: `part ${part}`, kind: 'stack', answers: { parts: [part] }, part }));
}

function pairCases(pairs: readonly Pair[]): readonly Case[] {
  return pairs.map(([first, second]) => ({
    title: `pair ${first} + ${second}`,
    kind: 'stack',
    answers: { parts: [first, second] },
  }));
}

type Pair = readonly [string, string];

function pairsOf(parts: readonly string[]): readonly Pair[] {
  return parts.flatMap((first, index) => parts.slice(index + 1).map((second): Pair => [first, second]));
}

/** About one pair in nine. Only its names choose a pair, so that a new part leaves those of the others as they are. */
export function sampledPairs(parts: readonly string[]): readonly Pair[] {
  return pairsOf(parts).filter((pair) => {
    const hash = createHash('sha256').update(pair.toSorted().join('/')).digest();
    return hash.readUInt32BE() % 9 === 0;
  });
}

/** The share of a run: all of it, or every part, kind and option, with a sample of the pairs. */
export function allCases(full: boolean): readonly Case[] {
  const pairs = full ? pairsOf(PARTS) : sampledPairs(PARTS);
  return [...singleParts(), ...options(), ...pairCases(pairs)];
}

/** Every option, with the parts that it changes. */
function options(): readonly Case[] {
  return [
    stack('all parts', { parts: PARTS }),
    ...['0', '1', '2'].flatMap((formatVersion) => [
      stack(`format ${formatVersion}, dialplan`, { formatVersion }),
      stack(`format ${formatVersion}, all parts`, { formatVersion, parts: PARTS }),
    ]),
    stack('depends with a version', { formatVersion: '2', depends: 'acme/one=1.0, acme/two' }),
    stack('depends without versions', { depends: 'acme/one' }),
    stack('bounds of Wazo', {
      minWazoVersion: '24.10',
      maxWazoVersion: '26.10',
      homepage: 'https://example.org/x',
    }),
    ...['dialplan', 'subroutine', 'asterisk-conf', 'conf'].map((part) =>
      stack(`legacy, ${part}`, { format: 'legacy', parts: [part] }),
    ),
    stack('names that are read as something else', {
      name: '42',
      namespace: '3com',
      parts: ['dialplan', 'calld'],
    }),
    stack('a generated file that is not Asterisk’s', {
      parts: ['confgend'],
      resource: 'door',
      filename: 'bell.yml',
    }),
    ...['scratch', 'template'].flatMap((style) => [
      stack(`a generated file in place of Wazo’s, ${style}`, {
        parts: ['confgend'],
        generatedFile: 'asterisk/pjsip.conf',
        style,
      }),
      stack(`a generated YAML file in place of Wazo’s, ${style}`, {
        parts: ['confgend'],
        generatedFile: 'provd/network.yml',
        style,
      }),
    ]),
    stack('a version of Debian’s', { pluginVersion: '1:2.0~rc1-3', parts: ['calld'] }),
    ...choices('stack', 'hook', ['subroutine']),
    ...choices('stack', 'asteriskFile', ['asterisk-conf'], { other: { asteriskName: 'ccss' } }),
    ...choices('stack', 'policyFor', ['auth-policy']),
    ...choices('stack', 'keyService', ['auth-keys']),
    ...choices('stack', 'confService', ['conf']),
    ...choices('stack', 'generatedFile', ['confgend']),
    ...(['stack', 'confgend', 'call-logger'] as const).flatMap((kind) => common(kind)),
    ...confgendCases(),
    ...callLoggerCases(),
    ...examples(),
    ...NAMES.flatMap((name) => named(name)),
  ];
}

/** The form of the code must not depend on how long names are. */
const NAMES = [
  { title: 'a name of 40 letters', name: 'call-center-reports-by-day-and-by-month1', namespace: 'demo' },
  {
    title: 'the longest names',
    name: 'a-name-as-long-as-wdev-takes-it-with-hyphens-and-a-1-and-a-2',
    namespace: 'abc',
  },
  { title: 'a name of one letter', name: 'a', namespace: 'b' },
];

function named({ title, ...names }: (typeof NAMES)[number]): readonly Case[] {
  const kinds = (['confgend', 'call-logger'] as const).map((kind) => ({ title: kind, kind, answers: {} }));
  return [stack('all parts', { parts: PARTS }), ...kinds, ...bareExamples()].map((entry) => ({
    ...entry,
    title: `${entry.title}, ${title}`,
    answers: { ...entry.answers, ...names },
  }));
}

function stack(title: string, answers: Record<string, unknown>): Case {
  return { title: `stack: ${title}`, kind: 'stack', answers };
}

function choices(
  kind: Kind,
  name: string,
  parts: readonly string[],
  more: Readonly<Record<string, Record<string, unknown>>> = {},
): readonly Case[] {
  const question = loadTemplate(kind).questions.find((entry) => entry.name === name);
  return (question?.choices ?? []).map(({ value }) => ({
    title: `${kind}: ${name} ${value}`,
    kind,
    answers: { [name]: value, ...(parts.length === 0 ? {} : { parts }), ...more[value] },
  }));
}

const TEXTS = {
  description: `It's "so": \\ 100% \${x} \`id\` 🎉 עברית # @= name @#; [x]\nand <b>more</b>`,
  author: `O'Neil "Bob" \\ *_`,
  email: 'a+b@example.org',
};

function common(kind: Kind): readonly Case[] {
  const licences = ['MIT', 'Apache-2.0', 'BSD-3-Clause', 'MPL-2.0', '0BSD', 'EUPL-1.2'];
  return [
    { title: `${kind}: defaults`, kind, answers: {} },
    { title: `${kind}: texts that need care`, kind, answers: TEXTS },
    { title: `${kind}: no tests, no .editorconfig`, kind, answers: { tests: false, editorconfig: false } },
    { title: `${kind}: no pre-commit`, kind, answers: { preCommit: false } },
    {
      title: `${kind}: in a folder of a repository`,
      kind,
      answers: { subdirectory: 'plugins/hello', agents: true },
    },
    ...licences.map((license) => ({ title: `${kind}: licence ${license}`, kind, answers: { license } })),
    ...['github', 'gitlab'].flatMap((ci) => [
      { title: `${kind}: ci ${ci}`, kind, answers: { ci } },
      { title: `${kind}: ci ${ci}, wdev update each week`, kind, answers: { ci, updateJob: true } },
    ]),
    { title: `${kind}: AGENTS.md`, kind, answers: { agents: true } },
  ];
}

function bareExamples(): readonly (Case & { readonly template: string })[] {
  return exampleNames()
    .map((name) => loadTemplate(name))
    .filter((template) => isKind(template.kind))
    .map(({ kind, name }) => ({ title: `example ${name}`, kind: kind as Kind, template: name, answers: {} }));
}

/** Every template that is an example, and every answer to its own choices. */
function examples(): readonly Case[] {
  return bareExamples()
    .map((base) => ({ base, template: loadTemplate(base.template) }))
    .flatMap(({ base, template }) => {
      const choices = template.questions.filter(({ name }) => template.own.questions.includes(name));
      return [
        base,
        ...choices.flatMap(({ name, choices: values }) =>
          (values ?? []).map(({ value }) => ({
            ...base,
            title: `${base.title}: ${name} ${value}`,
            answers: { [name]: value },
          })),
        ),
      ];
    });
}

function confgendCases(): readonly Case[] {
  const stock = { resource: 'asterisk', filename: 'musiconhold.conf' };
  return ['setup.py', 'pyproject'].flatMap((packaging) => [
    { title: `confgend: ${packaging}, scratch`, kind: 'confgend', answers: { packaging } },
    {
      title: `confgend: ${packaging}, template`,
      kind: 'confgend',
      answers: { packaging, style: 'template' },
    },
    {
      title: `confgend: ${packaging}, extend`,
      kind: 'confgend',
      answers: { packaging, style: 'extend', ...stock },
    },
  ]);
}

function callLoggerCases(): readonly Case[] {
  return ['1', '1b', '2'].flatMap((generation) =>
    ['serial', 'plugin'].map((base): Case => ({
      title: `call-logger: generation ${generation}, ${base}`,
      kind: 'call-logger',
      answers: { generation, base },
    })),
  );
}
