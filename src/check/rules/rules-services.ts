import { serviceOfGroup } from '../../wazo/groups.ts';
import { retiredService } from '../../wazo/renamed.ts';
import { serviceOf } from '../../wazo/services.ts';
import { entryPointsOf } from '../entry-points.ts';
import { rules, together, withFiles } from '../examples.ts';
import type { Hit, RuleChecks } from '../rule.ts';
import { lineOf, type ShellCommand } from '../../readers/shell/command.ts';
import type { ShellWord } from '../../readers/shell/word.ts';
import {
  asteriskCommand,
  commandsOf,
  namedUnits,
  restartedUnits,
  restartsEverything,
  toldAsterisk,
} from '../../readers/shell/service-calls.ts';
import type { Subject } from '../subject.ts';

const CALLD = withFiles({ 'etc/wazo-calld/conf.d/50-acme-hello.yml': 'acme_hello: {greeting: hello}\n' }, '');
const RESTART = 'systemctl restart wazo-calld || echo "wazo-calld did not restart" >&2';
const RELOAD = 'answer=$(asterisk -rx "dialplan reload") || echo "no Asterisk: $answer" >&2';
const UNIT = withFiles(
  { 'lib/systemd/system/acme-hello.service': '[Service]\nExecStart=/usr/bin/acme-hello\n' },
  '',
);

export const RULES_SERVICE_CHECKS = {
  'rules-gone-service': {
    area: 'rules',
    compat: 'engine',
    bad: rules({ install: 'systemctl restart wazo-admin-ui || true' }),
    good: rules({ install: ':' }),
    check: ({ rules: script, engine }) =>
      commandsOf(script).flatMap(({ command }) =>
        namedUnits(command).flatMap((unit): readonly Hit[] => {
          const retired = retiredService(unit, engine);
          if (script === undefined || retired === undefined) return [];
          const word = command.words.find(({ value }) => value?.replace(/\.service$/, '') === unit);
          const start = word?.start ?? command.start;
          return [
            {
              ...script.file.at(start),
              message: `Service ${unit} was removed from Wazo`,
              help: retired.same
                ? `Name ${retired.now} instead.`
                : `Name ${retired.now} instead, or remove the line.`,
            },
          ];
        }),
      ),
  },
  'rules-restarts-asterisk': {
    area: 'rules',
    bad: rules({ install: 'systemctl restart asterisk || true' }),
    good: rules({ install: RELOAD }),
    check: ({ rules: script }) =>
      commandsOf(script).flatMap(({ command }) => {
        const restarts =
          (restartedUnits(command).includes('asterisk') && !/\bstart\b/.test(lineOf(command))) ||
          /^core (?:restart|stop)/.test(asteriskCommand(command) ?? '') ||
          restartsEverything(command);
        if (script === undefined || !restarts) return [];
        return [{ ...script.file.at(command.start), message: `"${lineOf(command)}" drops all active calls` }];
      }),
  },
  'rules-core-reload': {
    area: 'rules',
    bad: rules({ postrm: 'answer=$(asterisk -rx "core reload") || true' }),
    good: rules({ postrm: RELOAD }),
    check: (subject) => {
      const files = [...subject.package.files.keys()].filter((file) => file.startsWith('/etc/asterisk/'));
      const dialplanOnly = files.length > 0 && files.every((file) => /\/extensions[^/]*\.d\//.test(file));
      return commandsOf(subject.rules).flatMap(({ command }) => {
        const told = toldAsterisk(command);
        if (subject.rules === undefined || !/^(?:core |module )?reload$/.test(told ?? '')) return [];
        const narrower = dialplanOnly ? '; "dialplan reload" is enough for what this plugin ships' : '';
        const at = subject.rules.file.at(command.start);
        return [{ ...at, message: `"${told}" reloads every module of Asterisk${narrower}` }];
      });
    },
  },
  'rules-service-not-restarted': {
    area: 'rules',
    bad: together(CALLD, rules({ install: RELOAD })),
    good: together(CALLD, rules({ install: `${RESTART}\n${RELOAD}`, postrm: RESTART })),
    check: (subject) => {
      const script = subject.rules;
      const branch = script?.branches?.get('install');
      if (script === undefined || branch === undefined) return [];
      const commands = branch.commands;
      const unknown = commands.some(
        (command) =>
          restartsEverything(command) ||
          (command.name === '' && command.nameWord !== undefined) ||
          command.words.some(
            ({ value }) => value === undefined && /^(?:systemctl|service)$/.test(command.name),
          ) ||
          subject.package.files.has(command.name),
      );
      if (unknown) return [];
      const restarted = new Set(commands.flatMap(restartedUnits));
      return [...touchedServices(subject)]
        .filter(([unit]) => !restarted.has(unit))
        .map(([unit, because]) => ({
          ...script.file.at(branch.start),
          message: `install does not restart ${unit}, which reads ${because} only at startup`,
          help: `Add to install: systemctl restart ${unit} || echo "${unit} did not restart" >&2`,
        }));
    },
  },
  'rules-service-untouched': {
    area: 'rules',
    needsPython: true,
    bad: rules({ install: 'systemctl restart wazo-dird || true' }),
    good: together(CALLD, rules({ install: RESTART, postrm: RESTART })),
    check: (subject) => {
      const script = subject.rules;
      if (script === undefined || !subject.package.certain) return [];
      const files = [...subject.package.files.keys()];
      const texts = commandsOf(script, 'install', 'postrm').map(({ command }) => command);
      const patched = patchedServices(subject);
      return commandsOf(script, 'install').flatMap(({ command }) =>
        restartedUnits(command)
          .filter((unit) => serviceOf(unit) !== undefined && !touchedServices(subject).has(unit))
          .filter((unit) => {
            const mark = unit.replaceAll('-', '[-_]');
            const near = new RegExp(mark);
            if (files.some((file) => near.test(file)) || patched.has(unit)) return false;
            return !texts.some(
              (other) => other !== command && near.test(lineOf(other)) && restartedUnits(other).length === 0,
            );
          })
          .map((unit) => ({
            ...script.file.at(command.start),
            message: `install restarts ${unit}, but the plugin ships nothing for it`,
          })),
      );
    },
  },
  'rules-asterisk-not-reloaded': {
    area: 'rules',
    bad: rules({ install: '' }),
    good: rules({ install: RELOAD }),
    check: (subject) => {
      const script = subject.rules;
      const branch = script?.branches?.get('install');
      if (script === undefined || branch?.isWhole !== true || tellsInOtherWays(subject, branch.commands))
        return [];
      const told = branch.commands.flatMap((command) => toldAsterisk(command) ?? []);
      return READ_BY_ASTERISK.flatMap(({ files, reloads, command, expected }): readonly Hit[] => {
        const file = [...subject.package.files.keys()].find((one) => files.test(one));
        if (file === undefined || told.some((one) => reloads.test(one))) return [];
        return [
          {
            ...script.file.at(branch.start),
            message: `install does not run "${command}", so Asterisk does not read ${file}`,
            help: `Add to install: answer=$(asterisk -rx "${command}") || true; case "$answer" in ${expected}) ;; *) echo "$answer" >&2 ;; esac`,
          },
        ];
      });
    },
  },
  'rules-no-daemon-reload': {
    area: 'rules',
    bad: together(UNIT, rules({ package: 'cp -R etc lib "$pkgdir/"', install: RELOAD })),
    good: together(
      UNIT,
      rules({ package: 'cp -R etc lib "$pkgdir/"', install: `systemctl daemon-reload\n${RELOAD}` }),
    ),
    check: (subject) => {
      const script = subject.rules;
      const branch = script?.branches?.get('install');
      if (script === undefined || branch === undefined) return [];
      const unit = [...subject.package.files.keys()].find((file) => /\/systemd\/system\/./.test(file));
      const reloads = branch.commands.some((command) =>
        /daemon-reload|systemctl (?:enable|preset|link)|deb-systemd-helper/.test(lineOf(command)),
      );
      if (unit === undefined || reloads) return [];
      return [
        {
          ...script.file.at(branch.start),
          message: `install does not run systemctl daemon-reload for the new unit ${unit.split('/').at(-1)}`,
        },
      ];
    },
  },
} satisfies RuleChecks;

/** Files that nothing but a reload brings into Asterisk, and the commands that do. */
const READ_BY_ASTERISK = [
  {
    files: /^\/etc\/asterisk\/extensions(?:_extra)?\.d\/[^/]+\.conf$/,
    reloads:
      /(?:dialplan|extensions) reload|^config reload .*extensions|pbx_config|^core (?:restart|stop)|^(?:core |module )?reload$/,
    command: 'dialplan reload',
    expected: '"Dialplan reloaded."*',
  },
  {
    files: /^\/etc\/asterisk\/pjsip\.d\/[^/]+\.conf$/,
    reloads: /pjsip|^core (?:restart|stop)|^(?:core |module )?reload$/,
    command: 'module reload res_pjsip.so',
    expected: '*"reloaded successfully"*',
  },
] as const;

/** Programs that look, place files, set rights and print. A service, a script, a client of an API may do anything. */
const GIVES_NO_ORDERS = new Set(
  (
    ': [ [[ adduser addgroup apt-get break cat cd chgrp chmod chown command continue cp cut dirname dpkg echo exit export false ' +
    'getent grep groupadd head id install ldconfig ln local ls mkdir mktemp mv nginx npm printf psql return rm rmdir ' +
    'sed set shift sleep sort stat tail tar test touch tr true umask unset unzip useradd usermod wait which wazo-auth-keys wazo-confgen'
  ).split(' '),
);

/** Commands for services that do nothing to those they do not name. */
const KNOWN_VERBS =
  /^(?:daemon-reload|disable|enable|is-active|is-enabled|is-failed|mask|reload|reset-failed|restart|show|start|status|stop|try-restart|unmask|reload-or-restart|force-reload)$/;

/** Whether install may have Asterisk read its files by what is not followed: a script, a client, a restart. */
function tellsInOtherWays(subject: Subject, commands: readonly ShellCommand[]): boolean {
  return commands.some((command) => {
    const { name, nameWord, words } = command;
    if (name === '') return nameWord !== undefined;
    if (subject.package.files.has(name)) return true;
    // its orders come by what is not literal, or by its input
    if (name === 'asterisk') return asteriskCommand(command) === undefined || !words.every(isLiteral);
    if (GIVES_NO_ORDERS.has(name)) return false;
    const line = lineOf(command);
    if (/^(?:systemctl|service|invoke-rc\.d)$/.test(name))
      return !words.every(isLiteral) || /asterisk|[*?[]|\.target\b/.test(line) || !hasKnownVerb(command);
    if (/^(?:pip3?|python[\d.]* (?:-m (?:pip|compileall|venv)|(?:\.\/)?setup\.py)) /.test(`${line} `))
      return false;
    const isCode = /^python[\d.]* -c /.test(line) && words.slice(0, 2).every(isLiteral);
    return !isCode || /asterisk|amid|reload|subprocess|\bos\b/.test(line);
  });
}

function isLiteral({ value }: ShellWord): boolean {
  return value !== undefined;
}

function hasKnownVerb({ words }: ShellCommand): boolean {
  return words.some(({ value = '' }) => KNOWN_VERBS.test(value));
}

/** Units whose code a patch of the package changes. */
function patchedServices(subject: Subject): ReadonlySet<string> {
  const sources = [...subject.package.files.values()].filter((source) => source !== undefined);
  const names = sources.flatMap((source) =>
    [
      ...(subject.files.get(source)?.text ?? '').matchAll(
        /^(?:\+\+\+|---) [^\t\r\n\u2028\u2029]*?\b((?:wazo|xivo)_[a-z_]+)\//gm,
      ),
    ].map(([, name = '']) => name.replaceAll('_', '-')),
  );
  return new Set(names);
}

/** Services that read something of the package at start, each with what. */
function touchedServices(subject: Subject): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const file of subject.package.files.keys()) {
    const unit = /^\/etc\/([a-z-]+)\/conf\.d\/[^/]+\.yml$/.exec(file)?.[1];
    if (unit !== undefined && serviceOf(unit) !== undefined) found.set(unit, file);
  }
  for (const { group, name } of entryPointsOf(subject)) {
    const unit = serviceOfGroup(group)?.unit;
    if (unit !== undefined) found.set(unit, `the entry point ${name} of ${group}`);
  }
  return found;
}
