/** Reads a plugin that was not made by us: what its answers would have been. */

import { judgePlugins } from '../check/check.ts';
import { entryPointsOf } from '../check/entry-points.ts';
import type { Subject } from '../check/subject.ts';
import { nameForms } from '../wazo/names.ts';
import { readManifest } from '../readers/yaml/manifest.ts';
import { readPlugin } from '../kinds/discover.ts';
import { kindOf } from '../kinds/plugin.ts';
import type { Question } from '../answers/question.ts';
import type { Part, Template } from '../templates/template.ts';
import { VALIDATORS } from '../answers/validators.ts';
import { listSources } from '../git/sources.ts';
import { UserError, usageError } from '../support/errors.ts';
import { typedPath } from '../support/quote.ts';

export interface ReadPlugin {
  readonly subject: Subject;
  /** Answers as far as the plugin tells them. */
  readonly given: Readonly<Record<string, unknown>>;
  /** Parts of the template that it has in some form. */
  readonly parts: readonly string[];
  /** Its Python package; undefined when it has none. */
  readonly package: string | undefined;
}

/**
 * @throws UserError `usage` when there is no stack plugin in the folder
 */
export async function readForeignPlugin(dir: string, template: Template): Promise<ReadPlugin> {
  const plugin = readPlugin(dir);
  if (plugin === undefined)
    throw usageError(`no plugin found in ${typedPath(dir)}`, 'Give the folder of a plugin.');
  const { can, refused } = kindOf(plugin);
  if (!can.parts)
    throw usageError(
      `${plugin.id} is of kind ${plugin.kind}, which has no parts`,
      refused?.help ?? 'Stack plugins have.',
    );
  const sources = await listSources(dir);
  const [judged] = await judgePlugins([{ plugin, sources }]);
  if (judged === undefined) throw new UserError('file-unreadable', `${dir} cannot be read`);
  const { subject } = judged;
  const fields = readManifest(subject.manifest?.file.text ?? '').fields;
  return {
    subject,
    given: answersOf(subject, fields, template),
    parts: partsOf(subject, template),
    package: packageOf(subject),
  };
}

function answersOf(
  { files }: Subject,
  fields: ReadonlyMap<string, string>,
  template: Template,
): Readonly<Record<string, unknown>> {
  const told: Record<string, string | boolean | undefined> = {
    name: fields.get('name'),
    namespace: fields.get('namespace'),
    description: fields.get('description'),
    pluginVersion: fields.get('version'),
    author: fields.get('author') ?? fields.get('maintainer'),
    homepage: fields.get('homepage'),
    minWazoVersion: fields.get('min_wazo_version'),
    maxWazoVersion: fields.get('max_wazo_version'),
    formatVersion: fields.get('plugin_format_version') ?? '0',
    license: licenseOf(files),
    tests: [...files.keys()].some((path) => path.startsWith('tests/')),
    editorconfig: files.has('.editorconfig'),
    preCommit: files.has('.pre-commit-config.yaml'),
    ci: 'none',
  };
  const kept = Object.entries(told).filter(([name, value]) => {
    const question = template.questions.find((known) => known.name === name);
    return question !== undefined && value !== undefined && isRight(question, value);
  });
  return Object.fromEntries(kept);
}

/** Names are kept even when they are wrong, so that the message is about them. */
function isRight(question: Question, value: string | boolean): boolean {
  if (question.name === 'name' || question.name === 'namespace' || typeof value === 'boolean') return true;
  if (question.choices !== undefined) return question.choices.some((choice) => choice.value === value);
  return question.valid === undefined || VALIDATORS[question.valid]?.(value) === undefined;
}

const LICENSES: readonly (readonly [RegExp, string])[] = [
  [/GNU GENERAL PUBLIC LICENSE/i, 'GPL-3.0-or-later'],
  [/Apache License/i, 'Apache-2.0'],
  [/Mozilla Public License/i, 'MPL-2.0'],
  [/\bMIT License|Permission is hereby granted, free of charge/i, 'MIT'],
  [/Redistribution and use in source and binary forms/i, 'BSD-3-Clause'],
];

function licenseOf(files: Subject['files']): string | undefined {
  const text = ['LICENSE', 'LICENSE.txt', 'LICENSE.md', 'COPYING'].map((name) => files.get(name)?.text ?? '');
  return LICENSES.find(([pattern]) => pattern.test(text.join('\n')))?.[1];
}

/** A part is there when its entry point group is used, or when all of its installed folders hold files. */
function partsOf(subject: Subject, template: Template): readonly string[] {
  const groups = new Set(entryPointsOf(subject).map(({ group }) => group));
  const folders = new Set([...subject.files.keys()].map(folderOf));
  const seen = new Set<string>();
  const chosen: string[] = [];
  for (const part of [...template.parts].sort((a, b) => footprint(a).length - footprint(b).length)) {
    const own = part.adds.entryPoints.map((line) => line.split(' = ')[0] ?? '');
    const print = footprint(part);
    const key = [...own, ...print].join(' ');
    const has =
      own.length > 0 ? own.every((group) => groups.has(group)) : print.every((name) => folders.has(name));
    // several parts put their files at one place: the first of them stands for it
    if (!has || key === '' || seen.has(own[0] ?? key)) continue;
    seen.add(own[0] ?? key);
    chosen.push(part.name);
  }
  return chosen.sort();
}

/** Folders outside Python and tests that a part installs into, without those named after the plugin. */
function footprint({ files }: Part): readonly string[] {
  const installed = files.map(({ path }) => path).filter((path) => /^(etc|usr|lib|var)\//.test(path));
  return [...new Set(installed.map(folderOf))].filter((folder) => !/acme/.test(folder)).sort();
}

function folderOf(path: string): string {
  return path.split('/').slice(0, -1).join('/');
}

/** The package that its entry points name, else the only one at the top. */
function packageOf(subject: Subject): string | undefined {
  const named = entryPointsOf(subject).map(({ module }) => module.split('.')[0] ?? '');
  const tops = [...subject.files.keys()]
    .map((path) => /^([A-Za-z_]\w*)\/__init__\.py$/.exec(path)?.[1])
    .filter((name) => name !== undefined && name !== 'tests');
  const found = named.find((name) => tops.includes(name)) ?? (tops.length === 1 ? tops[0] : undefined);
  return found;
}

/** The package that templates name after the plugin. */
export function ownPackage(name: unknown, namespace: unknown): string {
  return nameForms(String(namespace), String(name)).snake;
}
