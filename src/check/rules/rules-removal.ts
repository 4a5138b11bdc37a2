import { globMatcher } from '../../support/glob.ts';
import { nearest } from '../../support/nearest.ts';
import { rules, together, withFiles } from '../examples.ts';
import type { Edit, Hit, RuleChecks } from '../rule.ts';
import { operands, lineOf, type ShellCommand } from '../../readers/shell/command.ts';
import { commandsOf, restartedUnits, toldAsterisk } from '../../readers/shell/service-calls.ts';
import type { RulesScript } from '../../readers/shell/rules-script.ts';
import type { Subject } from '../subject.ts';
import { entryOf, valueOf } from '../../readers/yaml/node.ts';
import { addBranchAt, formatVersion } from './rules-file.ts';
import { append } from '../../support/append.ts';

const PATH = 'wazo/rules';
const MANIFEST = 'wazo/plugin.yml';

const CALLD = withFiles({ 'etc/wazo-calld/conf.d/50-acme-hello.yml': 'acme_hello: {greeting: hello}\n' }, '');
const RESTART = 'systemctl restart wazo-calld || echo "wazo-calld did not restart" >&2';

export const RULES_REMOVAL_CHECKS = {
  'rules-uninstall-restarts-early': {
    area: 'rules',
    bad: only(together(CALLD, rules({ install: RESTART, uninstall: RESTART }))),
    good: only(together(CALLD, rules({ install: RESTART, uninstall: '', postrm: RESTART }))),
    check: (subject) =>
      tooEarly(subject, (command) => {
        const folders = restartedUnits(command).map((unit) =>
          unit === 'asterisk' ? '/etc/asterisk/' : `/etc/${unit}/conf.d/`,
        );
        return folders.flatMap((folder) => shippedIn(subject, folder));
      }),
  },
  'rules-uninstall-reloads-early': {
    area: 'rules',
    bad: rules({ uninstall: 'asterisk -rx "dialplan reload" > /dev/null || true', postrm: '' }),
    good: rules({ uninstall: '' }),
    check: (subject) =>
      tooEarly(subject, (command) => {
        const told = toldAsterisk(command) ?? '';
        if (!/\b(?:reload|restart|load)\b/.test(told)) return undefined;
        const files = shippedIn(subject, '/etc/asterisk/');
        return files.length === 0 ? undefined : files;
      }),
  },
  'rules-uninstall-removes-unshipped': {
    area: 'rules',
    bad: rules({ uninstall: 'rm -f /etc/asterisk/extensions_extra.d/acme-helo.conf' }),
    good: rules({ uninstall: 'rm -f /etc/asterisk/extensions_extra.d/acme-hello.conf' }),
    check: removesUnshipped,
  },
  'rules-postrm-uses-package': {
    area: 'rules',
    bad: together(
      withFiles({ 'usr/bin/acme-cleanup': '#!/bin/sh\necho clean\n' }, ''),
      rules({ package: 'cp -R etc usr "$pkgdir/"', postrm: 'acme-cleanup' }),
    ),
    good: together(
      withFiles({ 'usr/bin/acme-cleanup': '#!/bin/sh\necho clean\n' }, ''),
      rules({ package: 'cp -R etc usr "$pkgdir/"', uninstall: 'acme-cleanup', postrm: '' }),
    ),
    check: (subject) => {
      const { files } = subject.package;
      const programs = new Map(
        [...files.keys()]
          .filter((file) => /^\/(?:usr\/)?(?:local\/)?s?bin\//.test(file))
          .map((file) => [file.split('/').at(-1) ?? '', file]),
      );
      return commandsOf(subject.rules, 'postrm').flatMap(({ command }) => {
        if (command.guarded && command.conditions.length > 0) return [];
        const path = programs.get(command.name) ?? (files.has(command.name) ? command.name : undefined);
        if (path === undefined) return [];
        const message = `postrm runs ${path}, which is removed before it`;
        return [{ ...(subject.rules as RulesScript).file.at(command.start), message }];
      });
    },
  },
} satisfies RuleChecks;

function only<T extends { readonly shown: string }>(example: T): T {
  return { ...example, shown: example.shown.trim() };
}

/** Installed files below a folder; where the package cannot be told, files that the repository has for it. */
function shippedIn(subject: Subject, folder: string): readonly string[] {
  const { files, certain } = subject.package;
  const installed = [...files.keys()].filter((file) => file.startsWith(folder));
  if (installed.length > 0 || certain) return installed;
  return [...subject.files.keys()].map((file) => `/${file}`).filter((file) => file.startsWith(folder));
}

/** Commands of uninstall that make something read `files`, which no earlier command has removed. */
function tooEarly(
  subject: Subject,
  readsFiles: (command: ShellCommand) => readonly string[] | undefined,
): readonly Hit[] {
  const script = subject.rules;
  if (script === undefined) return [];
  const removed: string[] = [];
  const hits: Hit[] = [];
  for (const { command } of commandsOf(script, 'uninstall')) {
    if (command.name === 'rm' || command.name === 'mv')
      append(
        removed,
        operands(command).map((word) => word.value ?? ''),
      );
    const left = (readsFiles(command) ?? []).filter((file) => !removed.some((path) => covers(path, file)));
    const [first] = left;
    if (first === undefined) continue;
    const message = `"${lineOf(command)}" runs before ${first} is removed, so it is loaded again`;
    hits.push({ ...script.file.at(command.start), message, fix: moveToPostrm(subject, script, command) });
  }
  return hits;
}

function covers(removed: string, file: string): boolean {
  if (removed === file || file.startsWith(`${removed.replace(/\/$/, '')}/`)) return true;
  if (!removed.includes('*')) return false;
  const pattern = removed.replace(/\/$/, '');
  const depth = pattern.split('/').length;
  return globMatcher(pattern)(file.split('/').slice(0, depth).join('/'));
}

/** Takes the line out of uninstall and puts it at the end of postrm, which may have to be added. */
function moveToPostrm(
  subject: Subject,
  script: RulesScript,
  command: ShellCommand,
): readonly Edit[] | undefined {
  const { text } = script.file;
  const { start, end } = command.statement;
  const from = text.lastIndexOf('\n', start) + 1;
  const lineEnd = text.indexOf('\n', end);
  const indent = text.slice(from, start);
  if (lineEnd < 0 || !/^[ \t]*$/.test(indent) || !/^[ \t]*$/.test(text.slice(end, lineEnd))) return undefined;
  const statement = text.slice(start, end);
  const format = formatVersion(subject);
  const postrm = script.branches?.get('postrm');
  // a postrm that was never called must not come alive unread
  if (format === 0 && postrm !== undefined && postrm.statements.length > 0) return undefined;
  const takeOut: Edit = { file: PATH, start: from, end: lineEnd + 1, text: '' };
  const manifest = format > 0 ? [] : formatEdit(subject);
  if (manifest === undefined) return undefined;
  const bringIn = postrmEdit(script, statement, indent);
  return bringIn === undefined ? undefined : [takeOut, bringIn, ...manifest];
}

function postrmEdit(script: RulesScript, statement: string, indent: string): Edit | undefined {
  const { text } = script.file;
  const postrm = script.branches?.get('postrm');
  if (postrm === undefined) {
    const at = script.caseNode === undefined ? undefined : addBranchAt(text, script.caseNode);
    const outer = indent.slice(0, Math.max(0, indent.length - 4)) || indent;
    const branch = `${outer}postrm)\n${indent}${statement}\n${indent};;\n`;
    return at === undefined ? undefined : { file: PATH, start: at, end: at, text: branch };
  }
  if (postrm.statements.length > 0)
    return { file: PATH, start: postrm.end, end: postrm.end, text: `\n${indent}${statement}` };
  const item = script.caseNode?.items.find(({ pattern }) => pattern.some(({ value }) => value === 'postrm'));
  const close = item === undefined ? -1 : text.indexOf(')', item.pattern.at(-1)?.end ?? item.pos) + 1;
  return close <= 0 ? undefined : { file: PATH, start: close, end: close, text: `\n${indent}${statement}` };
}

/** plugin_format_version: 1, in its place or at the end of plugin.yml. */
function formatEdit(subject: Subject): readonly Edit[] | undefined {
  const root = subject.manifest?.document.root;
  const file = subject.manifest?.file;
  if (root?.kind !== 'map' || file === undefined) return undefined;
  const value = valueOf(root, 'plugin_format_version');
  if (entryOf(root, 'plugin_format_version') !== undefined && value?.kind !== 'integer') return undefined;
  if (value !== undefined) return [{ file: MANIFEST, start: value.start, end: value.end, text: '1' }];
  const end = file.text.length;
  const before = file.text.endsWith('\n') ? '' : '\n';
  return [{ file: MANIFEST, start: end, end, text: `${before}plugin_format_version: 1\n` }];
}

function removesUnshipped(subject: Subject): readonly Hit[] {
  const script = subject.rules;
  const { files, certain } = subject.package;
  if (script === undefined || !certain) return [];
  const made = commandsOf(script, 'install').flatMap(({ command }) => [
    ...command.words.map((word) => word.value ?? word.text),
    ...command.redirects.map(({ target }) => target?.value ?? ''),
  ]);
  return commandsOf(script, 'uninstall').flatMap(({ command }) => {
    if (command.name !== 'rm') return [];
    return operands(command).flatMap((word) => {
      const path = word.value;
      if (path === undefined || !path.startsWith('/') || word.glob) return [];
      if ([...files.keys()].some((file) => covers(path, file)) || made.some((text) => text.includes(path)))
        return [];
      const folder = path.slice(0, path.lastIndexOf('/') + 1);
      const siblings = [...files.keys()].filter((file) => file.startsWith(folder));
      const name = path.slice(folder.length);
      // a unit in /etc that is removed from /lib
      const same = [...files.keys()].find((file) => name !== '' && file.endsWith(`/${name}`));
      if (siblings.length === 0 && same === undefined) return [];
      const near = same ?? nearest(path, siblings) ?? (siblings.length === 1 ? siblings[0] : undefined);
      const message = `The package has no ${path}${near === undefined ? '' : `; did you mean ${near}?`}`;
      return [{ ...script.file.at(word.start), message }];
    });
  });
}
