import {
  chmodSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import path from 'node:path';

/** Three generations of a small template, in folders `1`, `2` and `3` below `base`. */
export function writeGenerations(base: string): readonly [string, string, string] {
  const notes = 'one\ntwo\nthree\nfour\nfive\nsix\nseven\n';
  const settings = 'enabled_plugins:\n  acme_example: true\n';
  const run = '#!/bin/sh\necho acme-example\n';
  writeTemplate(path.join(base, '1'), 1, {
    'notes.txt': notes,
    'etc/wazo-calld/conf.d/50.yml': settings,
    'bin/start': run,
    'leaving.txt': 'stays for a while\n',
  });
  writeTemplate(path.join(base, '2'), 2, {
    'notes.txt': notes.replace('two', 'TWO'),
    'etc/wazo-calld/conf.d/50.yml': `${settings}\nacme_example:\n  greeting: Hello\n`,
    'bin/run': `${run}echo more\n`,
    'leaving.txt': 'stays for a while\n',
    'arriving.txt': 'AcmeExample\n',
  });
  writeTemplate(path.join(base, '3'), 3, {
    'notes.txt': notes.replace('two', 'TWO').replace('seven', 'SEVEN'),
    'etc/wazo-calld/conf.d/50.yml': `${settings}\nacme_example:\n  greeting: Hello\n  timeout: 5\n`,
    'bin/run': `${run}echo more\n`,
    'arriving.txt': 'AcmeExample\nonce more\n',
  });
  return [path.join(base, '1'), path.join(base, '2'), path.join(base, '3')];
}

export function writeTemplate(dir: string, version: number, files: Readonly<Record<string, string>>): void {
  const programs = Object.keys(files).filter((name) => name.startsWith('bin/'));
  const modes = programs.map((name) => `  ${name}: "0755"\n`).join('');
  const questions = ['name', 'namespace']
    .map((name) => `  - {name: ${name}, type: input, message: ${name}, default: demo}\n`)
    .join('');
  write(
    dir,
    'template.yml',
    `title: Small\nsummary: For tests\nkind: stack\nversion: ${version}\nquestions:\n${questions}${modes === '' ? '' : `modes:\n${modes}`}`,
  );
  for (const [name, text] of Object.entries(files)) write(dir, `files/${name}`, text);
}

function write(dir: string, name: string, text: string): void {
  const full = path.join(dir, name);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, text);
  chmodSync(full, 0o644);
}

/** Every file, its mode and its content, without git's and wdev's own: what a person has. */
export function treeOf(dir: string): Readonly<Record<string, string>> {
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true });
  const files = entries
    .map((entry) => ({ entry, full: path.join(entry.parentPath, entry.name) }))
    .map(({ entry, full }) => ({ entry, full, name: path.relative(dir, full) }))
    .filter(({ name }) => !/^\.(git|wdev)(\/|$)/.test(name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return Object.fromEntries(
    files.map(({ entry, full, name }) => {
      if (entry.isDirectory()) return [`${name}/`, ''];
      if (entry.isSymbolicLink()) return [name, `-> ${readlinkSync(full)}`];
      const mode = (statSync(full).mode & 0o777).toString(8);
      return [name, `${mode} ${readFileSync(full, 'latin1')}`];
    }),
  );
}

/** One hash for the whole tree. */
export function treeHash(dir: string): string {
  return createHash('sha256')
    .update(JSON.stringify(treeOf(dir)))
    .digest('hex');
}
