import { findBashisms } from '../../readers/shell/bashisms.ts';
import { readFormatVersion } from '../../kinds/format-version.ts';
import { isForDash } from '../../readers/shell/shebang.ts';
import { isMakefile } from '../../readers/shell/make-answer.ts';
import { readRules, RULES_COMMANDS, type RulesScript } from '../../readers/shell/rules-script.ts';
import { rules, withFiles } from '../examples.ts';
import { nearName, renameHelp, type AskedFile } from '../../wazo/near-names.ts';
import type { Example, Hit, RuleChecks } from '../rule.ts';
import { isScalar, valueOf } from '../../readers/yaml/node.ts';
import type { Subject } from '../subject.ts';

const PATH = 'wazo/rules';

/** The number that wazo-plugind goes by: 0 when plugin.yml does not say. */
export function formatVersion(subject: Subject): number {
  return readFormatVersion(valueOf(subject.manifest?.document.root, 'plugin_format_version')) ?? 0;
}

/** A chain of functions, each of which calls the next one so many times. */
function chain(calls: number, count: number): string {
  const body = (at: number): string => Array.from({ length: calls }, () => `step_${at + 1}`).join('; ');
  const functions = Array.from({ length: count }, (_, at) => `step_${at + 1}() { ${body(at + 1)}; }`);
  return [...functions, `step_${count + 1}() { true; }`].join('\n');
}

function chained(calls: number): Example {
  const { files } = rules({ build: 'step_1' }, `#!/bin/sh\nset -e\n${chain(calls, 13)}`);
  return { files, shown: `${chain(calls, 13).split('\n').slice(0, 2).join('\n')}   # and so on, to step_13` };
}

/** The hit where a file that wazo-plugind asks for is not there; the rename of a near miss is its fix. */
export function missing(asked: AskedFile, files: Subject['files']): readonly Hit[] {
  if (files.has(asked)) return [];
  const near = nearName(asked, files.keys());
  const message = `${asked} is missing from git`;
  if (near === undefined) return [{ message, file: asked }];
  const help = renameHelp(asked, near);
  return [
    { message: `${message}; did you mean ${near}?`, file: near, help, fix: [{ file: near, to: asked }] },
  ];
}

export const RULES_FILE_CHECKS = {
  'rules-missing': {
    area: 'rules',
    kinds: ['stack'],
    bad: withFiles({ [PATH]: null }),
    good: rules({}),
    check: ({ files }) => missing(PATH, files),
  },
  'rules-not-executable': {
    area: 'rules',
    kinds: ['stack'],
    bad: { ...rules({}), modes: { [PATH]: 0o644 }, shown: '-rw-r--r-- wazo/rules' },
    good: { ...rules({}), modes: { [PATH]: 0o755 }, shown: '-rwxr-xr-x wazo/rules' },
    check: ({ files }) => {
      const file = files.get(PATH);
      if (file === undefined || file.link !== undefined) return [];
      if ((file.mode & 0o111) !== 0) return [];
      const message = 'wazo/rules is not executable, so wazo-plugind cannot run it';
      return [{ message, file: PATH, line: 1, column: 1, fix: [{ file: PATH, mode: 0o755 }] }];
    },
  },
  'rules-no-shebang': {
    area: 'rules',
    kinds: ['stack'],
    bad: rules({}, '# rules of the hello plugin\nset -e'),
    good: rules({}),
    check: ({ files }) => {
      const file = files.get(PATH);
      if (file === undefined || file.link !== undefined) return [];
      if (file.text.startsWith('#!')) return [];
      const message = 'Missing #! line, so the kernel cannot run wazo/rules';
      const shell = /case|esac|;;/.test(file.text);
      const edit = { file: PATH, start: 0, end: 0, text: '#!/bin/sh\n' };
      return [{ message, file: PATH, line: 1, column: 1, fix: shell ? [edit] : undefined }];
    },
  },
  'rules-crlf': {
    area: 'rules',
    kinds: ['stack'],
    bad: {
      files: { [PATH]: (rules({}).files[PATH] ?? '').replaceAll('\n', '\r\n') },
      shown: '#!/bin/sh\\r\\n',
    },
    good: { ...rules({}), shown: '#!/bin/sh\\n' },
    check: ({ files }) => {
      const file = files.get(PATH);
      if (file === undefined || !file.text.includes('\r\n')) return [];
      const at = file.text.indexOf('\r\n');
      const text = file.text.replaceAll('\r\n', '\n');
      const fix = [{ file: PATH, start: 0, end: file.text.length, text }];
      return [{ ...file.at(at), message: 'Line ends in a carriage return (Windows line ending)', fix }];
    },
  },
  'rules-interpreter-unknown': {
    area: 'rules',
    bad: rules({}, '#!/usr/bin/fish'),
    good: rules({}),
    check: ({ rules: script, made, manifest }) => {
      if (script === undefined || script.interpreter.line === '' || script.interpreter.isShell) return [];
      const { name } = script.interpreter;
      const at = { file: PATH, line: 1 };
      if (script.made !== undefined) {
        const packages = valueOf(manifest?.document.root, 'debian_depends');
        const isThere =
          packages?.kind === 'list' && packages.items.some((item) => isScalar(item) && item.text === 'make');
        const help = 'Name make under debian_depends, or use #!/bin/sh.';
        return isThere
          ? []
          : [{ ...at, help, message: 'wazo/rules is run by make, which a server may not have' }];
      }
      if (isMakefile(script.file.text)) {
        const why = made?.why ?? 'wdev check asks make for it';
        const level = made?.fails === true ? 'error' : undefined;
        return [{ ...at, level, message: `wazo/rules (a Makefile) is not checked: ${why}` }];
      }
      const level = /^(?:perl|python3)$/.test(name) ? 'info' : 'warning';
      const message = `wazo/rules is not checked: it is run by ${name}, and wdev reads shell scripts and Makefiles only`;
      return [{ ...at, message, level }];
    },
  },
  'rules-syntax': {
    area: 'rules',
    bad: rules({ install: 'if [ -d /etc/asterisk ]; then\n    echo there' }),
    good: rules({ install: 'if [ -d /etc/asterisk ]; then\n    echo there\nfi' }),
    check: ({ rules: script }) => {
      const [problem] = script?.made?.problems ?? [];
      if (problem !== undefined)
        return (script?.made?.problems ?? []).map((one) => ({ ...one, message: capital(one.message) }));
      const [error] = script?.script.errors ?? [];
      if (script === undefined || error === undefined) return [];
      return [{ ...script.file.at(error.pos), message: `Shell syntax error: ${error.message}` }];
    },
  },
  'rules-bashism': {
    area: 'rules',
    bad: rules({ install: 'if [[ -d /etc/asterisk ]]; then echo there; fi' }),
    good: rules({ install: 'if [ -d /etc/asterisk ]; then echo there; fi' }),
    check: (subject) => {
      const scripts = subject.rules === undefined ? [] : [subject.rules];
      for (const file of subject.files.values())
        if (file.path !== PATH && isForDash(file.text)) scripts.push(readRules(file));
      const own = scripts
        .filter(({ interpreter, made }) => /^(?:sh|dash|ash)$/.test(made?.shell ?? interpreter.name))
        .flatMap(({ file, script, made }) =>
          findBashisms(made?.script ?? script, file.text).map((found) => ({
            ...file.at(found.start),
            message: `${found.what} is a bashism; /bin/sh does not support it`,
            help: `${capital(found.instead)}, or begin the file with #!/bin/bash.`,
          })),
        );
      // what shellcheck sees beyond that may be harmless in one place: a warning
      const told = new Set(own.map(({ file, line }) => `${line} ${file}`));
      const others = (subject.shellcheck?.complaints ?? [])
        .filter(({ file, line }) => !told.has(`${line} ${file}`))
        .map(({ file, line, column, message, code }) => {
          return {
            file,
            line,
            column,
            message: `${message} (shellcheck ${code})`,
            level: 'warning',
          } as const;
        });
      return [...own, ...others];
    },
  },
  'rules-command-missing': {
    area: 'rules',
    bad: rules({ build: null }),
    good: rules({ build: '' }),
    check: ({ rules: script }) => {
      if (script?.branches === undefined) return [];
      const { branches, refusesUnknown, file, caseNode } = script;
      const missing = RULES_COMMANDS.filter((name) => name !== 'postrm' && !branches.has(name));
      return missing.map((name) => ({
        ...file.at(caseNode?.pos ?? 0),
        level: refusesUnknown ? 'error' : 'info',
        message: refusesUnknown
          ? `wazo/rules has no "${name}" branch, which wazo-plugind calls`
          : `wazo/rules has no "${name}" branch, so nothing happens when wazo-plugind calls it`,
        help: `Add it; it may be empty: ${name}) ;;`,
      }));
    },
  },
  'rules-not-a-case': {
    area: 'rules',
    bad: withFiles({ [PATH]: '#!/bin/sh\nset -e\nif [ "$1" = package ]; then cp -R etc "$pkgdir/"; fi\n' }),
    good: rules({}),
    check: ({ rules: script }) =>
      script !== undefined &&
      script.interpreter.isShell &&
      script.branches === undefined &&
      script.script.errors === undefined &&
      script.isRead
        ? [
            {
              message: 'No case "$1" found, so the steps are not checked',
              file: PATH,
              line: 1,
            },
          ]
        : [],
  },
  'rules-not-followed': {
    area: 'rules',
    bad: chained(2),
    good: chained(1),
    check: ({ rules: script, package: { isSpent = false } }) =>
      script?.isRead === false
        ? [
            {
              file: PATH,
              line: 1,
              message: 'wazo/rules is not checked: it is too large',
              help: 'Split it: wdev reads up to a million characters, and 2,000 substitutions and here-documents.',
            },
          ]
        : [...(script?.branches?.values() ?? [])]
            .filter(({ name, isWhole, why }) => why !== '' && (!isWhole || (name === 'package' && isSpent)))
            .map(({ name, start, isWhole, why }) => ({
              ...script?.file.at(start),
              file: PATH,
              ...(why === undefined ? {} : { help: `Run make -nf ${PATH} ${name} to see where it ends.` }),
              message:
                why !== undefined
                  ? `make -n stops in ${name}, so ${unasked(script)} is not checked: ${why}`
                  : `wdev cannot follow all ${isWhole ? 'copies' : 'function calls'} of ${name}, so part of it is not checked`,
            })),
  },
  'rules-postrm-dead': {
    area: 'rules',
    bad: manifestAndRules('0'),
    good: manifestAndRules('1'),
    check: (subject) => {
      const branch = subject.rules?.branches?.get('postrm');
      if (subject.rules === undefined || branch === undefined || formatVersion(subject) > 0) return [];
      const busy = branch.commands.some((command) => command.name !== ':' && command.name !== 'true');
      if (subject.manifest?.document.root === undefined) return [];
      return [
        {
          ...subject.rules.file.at(branch.start),
          level: busy ? 'warning' : 'info',
          message: 'postrm is never called: plugin_format_version is 0 or not set',
        },
      ];
    },
  },
  'rules-postrm-missing': {
    area: 'rules',
    bad: rules({ postrm: null }),
    good: rules({ postrm: '' }),
    check: (subject) => {
      const script = subject.rules;
      if (script?.branches === undefined) return [];
      if (script.branches.has('postrm') || formatVersion(subject) < 1 || !script.refusesUnknown) return [];
      const { caseNode, file } = script;
      const start = caseNode === undefined ? undefined : addBranchAt(file.text, caseNode);
      const fix =
        start === undefined
          ? undefined
          : [{ file: PATH, start, end: start, text: '    postrm)\n        ;;\n' }];
      const message = `wazo/rules has no "postrm" branch, which plugin_format_version ${formatVersion(subject)} requires`;
      return [{ ...file.at(caseNode?.pos ?? 0), message, fix }];
    },
  },
} satisfies RuleChecks;

/** Where a branch can be put: the beginning of the line of the branch for everything else. */
export function addBranchAt(
  text: string,
  node: { readonly items: readonly { pos: number; pattern: readonly { value: string; pos: number }[] }[] },
): number | undefined {
  const item = node.items.find(({ pattern }) => pattern.some(({ value }) => value === '*'));
  if (item === undefined) return undefined;
  const start = text.lastIndexOf('\n', item.pattern[0]?.pos ?? item.pos) + 1;
  return /^\s*\(?$/.test(text.slice(start, item.pattern[0]?.pos ?? item.pos)) ? start : undefined;
}

function manifestAndRules(version: string): Example {
  const script = rules({ postrm: 'systemctl daemon-reload' });
  const text = `name: hello\nnamespace: acme\nversion: "1.0.0"\nplugin_format_version: ${version}\n`;
  return {
    files: { ...script.files, 'wazo/plugin.yml': text },
    shown: `# wazo/plugin.yml\nplugin_format_version: ${version}\n# wazo/rules\n${script.shown}`,
  };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Says what is not checked of a Makefile in which make does not come to the end of a command. */
function unasked(script: RulesScript | undefined): string {
  const isAlone = [...(script?.branches?.values() ?? [])].every(({ why }) => why !== '');
  return isAlone ? 'some of what it does' : 'most of what it and the other commands do';
}
