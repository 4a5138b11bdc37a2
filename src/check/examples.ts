/** Makes the examples of the catalogue: each stands in for files of one sound plugin. */

import type { Example } from './rule.ts';

const MANIFEST: Readonly<Record<string, string>> = {
  name: 'hello',
  namespace: 'acme',
  version: '"1.0.0"',
  description: 'Says hello',
  author: 'Acme',
  plugin_format_version: '1',
};

function manifestText(changed: Readonly<Record<string, string | null>>): string {
  return Object.entries({ ...MANIFEST, ...changed })
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key}:${value === '' || value?.startsWith('\n') ? '' : ' '}${value}\n`)
    .join('');
}

/** plugin.yml with other values; null takes a key away. */
export function manifest(changed: Readonly<Record<string, string | null>>): Example {
  const lines = Object.entries(changed)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key}:${value === '' || value?.startsWith('\n') ? '' : ' '}${value}`);
  const shown = lines.length > 0 ? lines.join('\n') : manifestText(changed).trimEnd();
  return { files: { 'wazo/plugin.yml': manifestText(changed) }, shown };
}

const BRANCHES: Readonly<Record<string, string>> = {
  build: ':',
  package: 'cp -R etc "$pkgdir/"',
  install: 'answer=$(asterisk -rx "dialplan reload") || echo "no Asterisk: $answer" >&2',
  uninstall: ':',
  postrm: 'answer=$(asterisk -rx "dialplan reload") || echo "no Asterisk: $answer" >&2',
};

function rulesText(changed: Readonly<Record<string, string | null>>, head = '#!/bin/sh\nset -e'): string {
  const branches = Object.entries({ ...BRANCHES, ...changed })
    .filter(([, body]) => body !== null)
    .map(([name, body]) => `    ${name})\n${indent(withReload(name, body ?? ''))}        ;;\n`);
  return `${head}\n\ncase "$1" in\n${branches.join('')}    *)\n        echo "$0: unknown command $1" >&2\n        exit 1\n        ;;\nesac\n`;
}

/** The body of install: the line of an example comes behind the reload that the files of the sound plugin need; '' does nothing. */
function withReload(name: string, body: string): string {
  const stays = name === 'install' && body !== '' && !/asterisk -rx/.test(body);
  return stays ? `${BRANCHES['install']}\n${body}` : body;
}

/** A plugin without any finding; examples change one thing of it. */
export const SOUND_PLUGIN: Readonly<Record<string, string>> = {
  'wazo/plugin.yml': manifestText({}),
  'wazo/rules': rulesText({}),
  'etc/asterisk/extensions_extra.d/acme-hello.conf':
    '[xivo-extrafeatures]\nexten = ***42,1,Gosub(acme-hello,s,1)\nsame = n,Hangup()\n\n[acme-hello]\nexten = s,1,Answer()\nsame = n,Playback(hello-world)\nsame = n,Return()\n',
};

function indent(body: string): string {
  return body === ''
    ? ''
    : body
        .split('\n')
        .map((line) => `        ${line}\n`)
        .join('');
}

/** wazo/rules with other branches; null takes a branch away. */
export function rules(changed: Readonly<Record<string, string | null>>, head?: string): Example {
  const branches = Object.entries(changed)
    .filter(([, body]) => body !== null)
    .map(([name, body]) => `${name})\n${indent(body ?? '').replaceAll(/^ {8}/gm, '    ')}    ;;`);
  const shown = [...(head === undefined ? [] : [head]), ...branches];
  const text = rulesText(changed, head);
  return { files: { 'wazo/rules': text }, shown: shown.length > 0 ? shown.join('\n') : text.trimEnd() };
}

/** Other files beside or instead of the sound plugin's. */
export function withFiles(files: Readonly<Record<string, string | null>>, shown?: string): Example {
  const parts = Object.entries(files).map(([path, text]) =>
    text === null ? `(no ${path})` : `# ${path}\n${text.trimEnd()}`,
  );
  return { files, shown: shown ?? parts.join('\n') };
}

/** Several examples as one; the lines of all are shown. */
export function together(...parts: readonly Example[]): Example {
  return {
    ...Object.assign({}, ...parts),
    files: Object.assign({}, ...parts.map((part) => part.files)) as Example['files'],
    shown: parts.map((part) => part.shown).join('\n'),
  };
}
