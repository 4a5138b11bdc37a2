import { rules } from '../examples.ts';
import { isFresh, notRepeatable } from '../repeatable.ts';
import type { Edit, Hit, RuleChecks } from '../rule.ts';
import { lineOf, operands, type ShellCommand } from '../../readers/shell/command.ts';
import { commandsOf } from '../../readers/shell/service-calls.ts';
import type { RulesScript } from '../../readers/shell/rules-script.ts';
import type { ShellWord } from '../../readers/shell/word.ts';
import type { Subject } from '../subject.ts';

const PATH = 'wazo/rules';

export const RULES_INSTALL_CHECKS = {
  'rules-relative-path': {
    area: 'rules',
    bad: rules({ install: 'cp etc/asterisk/extensions_extra.d/acme-hello.conf /tmp/' }),
    good: rules({ install: 'cp /etc/asterisk/extensions_extra.d/acme-hello.conf /tmp/' }),
    check: relativePaths,
  },
  'rules-not-repeatable': {
    area: 'rules',
    bad: rules({ install: 'echo "acme=1" >> /etc/acme.conf' }),
    good: rules({ install: 'grep -q "^acme=1" /etc/acme.conf || echo "acme=1" >> /etc/acme.conf' }),
    check: ({ rules: script }) =>
      commandsOf(script, 'install').flatMap(({ command }, at, all) => {
        const why = notRepeatable(command);
        const earlier = all.slice(0, at).map((one) => one.command);
        if (why === undefined || isFresh(command, earlier)) return [];
        const { fails, ...hit } = why;
        // where nobody asks for its exit status, the second run does the rest all the same
        const decides = command.last || script?.branches?.get('install')?.errexit === true;
        const level = fails === true && decides ? ('error' as const) : undefined;
        return [{ ...(script as RulesScript).file.at(command.start), ...hit, level }];
      }),
  },
  'rules-network': {
    area: 'rules',
    bad: rules({ build: 'wget https://example.org/tool' }),
    good: rules({ build: ':' }),
    check: ({ rules: script }) =>
      commandsOf(script, 'build', 'package', 'install').flatMap(({ branch, command }) =>
        needsNetwork(command)
          ? [
              {
                ...(script as RulesScript).file.at(command.start),
                message: `"${shortLine(command)}" needs the network in ${branch}`,
              },
            ]
          : [],
      ),
  },
  'rules-python2': {
    area: 'rules',
    bad: rules({ build: 'python setup.py bdist' }),
    good: rules({ build: 'python3 setup.py bdist' }),
    check: ({ rules: script }) =>
      commandsOf(script).flatMap(({ command }) => {
        const { nameWord: word, name } = command;
        if (
          script === undefined ||
          word === undefined ||
          !/^(?:python|python2(?:\.\d)?|pip2?|easy_install)$/.test(name)
        )
          return [];
        if (name === 'pip') return [];
        const text = word.text.replace(/(python|pip)[\d.]*$/, (_found, program: string) => `${program}3`);
        const fix: readonly Edit[] | undefined =
          name === 'easy_install' ? undefined : [{ file: PATH, start: word.start, end: word.end, text }];
        return [
          {
            ...script.file.at(word.start),
            message: `Servers have ${text.replace(/^.*\//, '')}, not ${name}`,
            fix,
          },
        ];
      }),
  },
  'rules-chown-dot': {
    area: 'rules',
    bad: rules({ install: 'chown asterisk.asterisk /var/lib/acme' }),
    good: rules({ install: 'chown asterisk:asterisk /var/lib/acme' }),
    check: ({ rules: script }) =>
      commandsOf(script).flatMap(({ command }) => {
        const [owner] = operands(command);
        const match = /^([a-z_][a-z0-9_-]*)\.([a-z_][a-z0-9_-]*)$/.exec(owner?.value ?? '');
        if (script === undefined || command.name !== 'chown' || owner === undefined || match === null)
          return [];
        const text = `${match[1]}:${match[2]}`;
        const fix =
          owner.text === match[0] ? [{ file: PATH, start: owner.start, end: owner.end, text }] : undefined;
        return [
          {
            ...script.file.at(owner.start),
            message: `chown ${match[0]} is deprecated`,
            help: `Write ${text}.`,
            fix,
          },
        ];
      }),
  },
  'rules-random-in-sed': {
    area: 'rules',
    bad: rules({ install: 'key=$(openssl rand -base64 32)\nsed -i "s/KEY/$key/" /etc/acme.conf' }),
    good: rules({ install: 'key=$(openssl rand -base64 32)\nsed -i "s|KEY|$key|" /etc/acme.conf' }),
    check: randomInSed,
  },
} satisfies RuleChecks;

/** Programs whose operands are names of other things than files. */
const NO_FILES = new Set(
  (
    'echo printf systemctl service asterisk [ test exit return set export unset kill pkill killall useradd usermod ' +
    'adduser addgroup groupadd cd su runuser case which command type hash dpkg apt apt-get update-rc.d invoke-rc.d ' +
    'deb-systemd-helper deb-systemd-invoke getent id psql a2enmod a2ensite a2enconf wazo-auth-keys wazo-plugind-cli'
  ).split(' '),
);

/** Programs whose operands are files, even where a program has the same name. */
const TAKES_FILES = new Set('cp mv rm ln install chmod chown chgrp cat touch sed stat patch tar'.split(' '));

function relativePaths(subject: Subject): readonly Hit[] {
  const script = subject.rules;
  if (script === undefined) return [];
  const folders = new Set([...subject.files.keys()].flatMap((file) => parents(file)));
  const programs = installedPrograms(subject);
  return ['install', 'uninstall', 'postrm'].flatMap((branch) => {
    const commands = commandsOf(script, branch).map(({ command }) => command);
    const moved = commands.find((command) => command.name === 'cd' && command.words[0]?.value !== '/');
    return commands.flatMap((command) => {
      if (command === moved && folders.has(relative(command.words[0])))
        return [
          {
            ...script.file.at(command.start),
            message: `${branch} runs in /, where "${relative(command.words[0])}" does not exist`,
          },
        ];
      if (NO_FILES.has(command.name) || (moved !== undefined && moved.start < command.start)) return [];
      const targets = command.redirects.flatMap(({ target }) => (target === undefined ? [] : [target]));
      // a program without a slash is looked for in PATH, never in the folder
      const program = command.nameWord?.value?.includes('/') === true ? [command.nameWord] : [];
      return [...program, ...command.words, ...targets].flatMap((word) => {
        const path = relative(word);
        if (programs.has(word.value ?? '') && !TAKES_FILES.has(command.name)) return [];
        const known =
          subject.files.has(path) ||
          (path.includes('/') && folders.has(path)) ||
          (folders.has(path) && /^\.\/|\/$/.test(word.value ?? ''));
        if (
          path === '' ||
          path.startsWith('/') ||
          !known ||
          (subject.package.files.has(`/${path}`) && path.startsWith('etc/') && command.name === '.')
        )
          return [];
        const message = `${branch} runs in /, where ${path} does not exist`;
        return [{ ...script.file.at(word.start), message }];
      });
    });
  });
}

/** Names of the programs that the package puts where PATH finds them. */
function installedPrograms(subject: Subject): ReadonlySet<string> {
  const found = [...subject.package.files.keys()].map(
    (file) => /^\/(?:usr\/)?(?:local\/)?s?bin\/([^/]+)$/.exec(file)?.[1],
  );
  return new Set(found.filter((name) => name !== undefined));
}

function relative(word: ShellWord | undefined): string {
  return (word?.value ?? '').replace(/^(?:\.\/)+/, '').replace(/\/$/, '');
}

function parents(file: string): readonly string[] {
  const parts = file.split('/').slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}

function needsNetwork(command: ShellCommand): boolean {
  const line = lineOf(command);
  const words = command.words.map(({ value, text }) => value ?? text);
  switch (command.name) {
    case 'wget':
    case 'curl':
      // a service of this very machine may be asked
      return !words.some((word) => /\b(?:localhost|127\.0\.0\.1)\b/.test(word));
    case 'git':
      return /^git (?:clone|fetch|pull|submodule)/.test(line);
    case 'apt':
    case 'apt-get':
    case 'aptitude':
      return /\b(?:install|update|upgrade)\b/.test(line);
    case 'npm':
    case 'yarn':
    case 'pnpm':
      return words.length === 0 || /\b(?:install|ci|add|i)\b/.test(line);
    case 'go':
      return /^go (?:get|install|mod download)/.test(line);
    case 'easy_install':
    case 'add-apt-repository':
      return true;
    case 'pip':
    case 'pip3':
      return pipDownloads(words);
    default:
      return /^python[\d.]*$/.test(command.name) && words[0] === '-m' && moduleDownloads(words.slice(1));
  }
}

function moduleDownloads([module, ...words]: readonly string[]): boolean {
  if (module === 'pip') return pipDownloads(words);
  return module === 'build' && !words.some((word) => word === '-n' || word === '--no-isolation');
}

function pipDownloads(words: readonly string[]): boolean {
  if (!words.some((word) => word === 'install' || word === 'wheel' || word === 'download')) return false;
  if (words.includes('--no-index')) return false;
  const local = words.includes('--no-deps') && words.includes('--no-build-isolation');
  const wheels = words.filter((word) => !word.startsWith('-')).slice(1);
  return !local && !(words.includes('--no-deps') && wheels.some((word) => word.endsWith('.whl')));
}

/** Whether a text runs a program that writes base64. */
function writesBase64(text: string): boolean {
  if (/\bbase64\b/.test(text)) return true;
  return text.split(/[|)`]/).some((command) => {
    const last = [...command.matchAll(/openssl\s+rand/g)].at(-1);
    if (last === undefined) return false;
    const rest = command.slice(last.index + last[0].length);
    return !/^\s/.test(rest) || !rest.includes('-hex');
  });
}

function randomInSed({ rules: script }: Subject): readonly Hit[] {
  return ['build', 'package', 'install', 'uninstall'].flatMap((branch) => {
    const commands = commandsOf(script, branch).map(({ command }) => command);
    const random = new Set(
      commands.flatMap(({ assigns }) =>
        assigns.filter(({ text }) => writesBase64(text)).map(({ name }) => name),
      ),
    );
    // openssl rand … | { read v; sed … }
    for (const { statement } of commands.filter((command) => command.read && writesBase64(lineOf(command))))
      for (const command of commands.filter(
        ({ name, statement: at }) => name === 'read' && at.start === statement.start,
      ))
        for (const { value } of operands(command)) if (value !== undefined) random.add(value);
    return commands.flatMap((command) => {
      if (script === undefined || command.name !== 'sed') return [];
      const word = command.words.find(
        ({ text, variables }) =>
          /(?:^|["'; ])s\//.test(text) &&
          (variables.some(({ name }) => random.has(name)) || writesBase64(text)),
      );
      if (word === undefined) return [];
      const name = word.variables.find((one) => random.has(one.name))?.name;
      const what = name === undefined ? 'The base64 text' : `$${name} is base64 and`;
      return [
        {
          ...script.file.at(word.start),
          message: `${what} may contain "/", which breaks this sed expression`,
        },
      ];
    });
  });
}

function shortLine(command: ShellCommand): string {
  const line = lineOf(command);
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}
