import { rules } from '../examples.ts';
import type { Edit, Hit, RuleChecks } from '../rule.ts';
import type { RulesBranch, RulesScript } from '../../readers/shell/rules-script.ts';
import {
  asteriskCommand,
  commandsOf,
  restartedUnits,
  toldAsterisk,
  variablesOf,
} from '../../readers/shell/service-calls.ts';
import { lineOf, type ShellCommand } from '../../readers/shell/command.ts';

const PATH = 'wazo/rules';

/** Commands that do not fail, or whose failure is an answer. */
const NEVER_FAIL = new Set(': true echo printf exit return set umask export unset shift local'.split(' '));

/** Commands that exit with 1 in a good run: `set -e` would end the script there. */
const ANSWERS = new Set('grep egrep fgrep diff cmp pgrep pkill which [ test expr'.split(' '));

export const RULES_STEP_CHECKS = {
  'rules-no-set-e': {
    area: 'rules',
    bad: rules({ build: 'python3 setup.py bdist\nmkdir -p locale' }, '#!/bin/sh'),
    good: rules({ build: 'python3 setup.py bdist\nmkdir -p locale' }),
    check: ({ rules: script }) => {
      if (script?.branches === undefined) return [];
      const order = ['package', 'build', 'install', 'uninstall', 'postrm'];
      for (const name of order) {
        const branch = script.branches.get(name);
        const hit = branch === undefined || branch.errexit ? undefined : unnoticed(script, branch);
        if (hit !== undefined) return [hit];
      }
      return [];
    },
  },
  'rules-last-command-decides': {
    area: 'rules',
    bad: rules({ install: 'systemctl restart wazo-calld' }),
    good: rules({ install: ':' }),
    check: ({ rules: script, package: { files } }) => {
      const branch = script?.branches?.get('install');
      if (script === undefined || branch === undefined) return [];
      return (
        branch.commands
          .filter((command) => !command.guarded && (command.last || branch.errexit))
          .filter(({ conditions }) => !conditions.some((text) => /is-active|nginx -t/.test(text)))
          // that the plugin's own unit must start is for the plugin to say
          .filter((command) => !restartedUnits(command).some((unit) => shipsUnit([...files.keys()], unit)))
          .filter(
            (command) =>
              restartedUnits(command).length > 0 || (toldAsterisk(command) !== undefined && !command.read),
          )
          .map((command) => ({
            ...script.file.at(command.start),
            message: `A failure of "${lineOf(command)}" aborts the installation half done`,
          }))
      );
    },
  },
  'rules-asterisk-answer-unread': {
    area: 'rules',
    bad: rules({ postrm: 'asterisk -rx "dialplan reload" || true' }),
    good: rules({ postrm: 'answer=$(asterisk -rx "dialplan reload") || echo "no Asterisk: $answer" >&2' }),
    check: ({ rules: script }) =>
      commandsOf(script)
        .filter(({ command }) => asteriskCommand(command) !== undefined && !command.read)
        .map(({ command }) => ({
          ...(script as RulesScript).file.at(command.start),
          message: `The answer of "${lineOf(command)}" is discarded, so a failed reload goes unnoticed`,
        })),
  },
  'rules-pkgdir-unquoted': {
    area: 'rules',
    bad: rules({ package: 'cp -R etc $pkgdir/' }),
    good: rules({ package: 'cp -R etc "$pkgdir/"' }),
    check: ({ rules: script }) => {
      const found = commandsOf(script, 'package')
        .flatMap(({ command }) => variablesOf(command))
        .filter(({ name, quoted }) => name === 'pkgdir' && !quoted);
      const places = [...new Map(found.map((variable) => [variable.start, variable])).values()];
      const [first] = places;
      if (script === undefined || first === undefined) return [];
      const fix = places.map(({ start, end }): Edit => {
        return { file: PATH, start, end, text: `"${script.file.text.slice(start, end)}"` };
      });
      const often = places.length === 1 ? '' : ` (${places.length} places)`;
      return [{ ...script.file.at(first.start), message: `$pkgdir is not quoted${often}`, fix }];
    },
  },
  'rules-pkgdir-outside-package': {
    area: 'rules',
    bad: rules({ install: 'chmod 0640 "$pkgdir/etc/asterisk/extensions_extra.d/acme-hello.conf"' }),
    good: rules({ install: 'chmod 0640 /etc/asterisk/extensions_extra.d/acme-hello.conf' }),
    check: ({ rules: script }) =>
      commandsOf(script, 'build', 'install', 'uninstall', 'postrm').flatMap(({ branch, command }) =>
        variablesOf(command)
          .filter(({ name }) => name === 'pkgdir')
          .map(({ start }) => ({
            ...(script as RulesScript).file.at(start),
            message: `$pkgdir is not set in ${branch}`,
          })),
      ),
  },
} satisfies RuleChecks;

function shipsUnit(files: readonly string[], unit: string): boolean {
  return files.some(
    (file) => file.endsWith(`/systemd/system/${unit}`) || file.endsWith(`/systemd/system/${unit}.service`),
  );
}

/** The first command of a branch whose failure nobody would notice. */
function unnoticed(script: RulesScript, branch: RulesBranch): Hit | undefined {
  const command = branch.commands.find((entry) => canFailUnnoticed(entry));
  if (command === undefined) return undefined;
  const making = branch.name === 'build' || branch.name === 'package';
  return {
    ...script.file.at(command.start),
    message: `A failure of "${firstLine(lineOf(command))}" is ignored: the ${branch.name} step continues`,
    fix: making ? errexitEdits(script) : undefined,
  };
}

function canFailUnnoticed(command: ShellCommand): boolean {
  if (command.guarded || command.last || command.read || command.name === '') return false;
  return !NEVER_FAIL.has(command.name);
}

/** `set -e` in the two steps that make the package, unless a command there answers with its exit status. */
function errexitEdits(script: RulesScript): readonly Edit[] | undefined {
  const making = ['build', 'package']
    .map((name) => script.branches?.get(name))
    .filter((branch) => branch !== undefined && !branch.errexit && branch.commands.some(canFailUnnoticed));
  const edits: Edit[] = [];
  for (const branch of making) {
    if (branch === undefined) continue;
    if (branch.commands.some(({ name, guarded }) => ANSWERS.has(name) && !guarded)) return undefined;
    const { text } = script.file;
    const lineStart = text.lastIndexOf('\n', branch.start) + 1;
    const indent = text.slice(lineStart, branch.start);
    const separator = /^\s*$/.test(indent) ? `\n${indent}` : '; ';
    edits.push({ file: PATH, start: branch.start, end: branch.start, text: `set -e${separator}` });
  }
  return edits;
}

function firstLine(text: string): string {
  const line = text.split('\n')[0] ?? '';
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}
