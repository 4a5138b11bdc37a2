import { serviceOfGroup } from '../../wazo/groups.ts';
import { retiredService } from '../../wazo/renamed.ts';
import { serviceOf } from '../../wazo/services.ts';
import { entryPointsOf } from '../entry-points.ts';
import { rules, together, withFiles } from '../examples.ts';
import type { Hit, Rule } from '../rule.ts';
import { lineOf } from '../../readers/shell/command.ts';
import {
  asteriskCommand,
  commandsOf,
  namedUnits,
  restartedUnits,
  restartsEverything,
} from '../../readers/shell/service-calls.ts';
import type { Subject } from '../subject.ts';

const CALLD = withFiles({ 'etc/wazo-calld/conf.d/50-acme-hello.yml': 'acme_hello: {greeting: hello}\n' }, '');
const RESTART = 'systemctl restart wazo-calld || echo "wazo-calld did not restart" >&2';
const RELOAD = 'answer=$(asterisk -rx "dialplan reload") || echo "no Asterisk: $answer" >&2';
const UNIT = withFiles(
  { 'lib/systemd/system/acme-hello.service': '[Service]\nExecStart=/usr/bin/acme-hello\n' },
  '',
);

export const RULES_SERVICE_RULES: readonly Rule[] = [
  {
    code: 'rules-gone-service',
    level: 'error',
    area: 'rules',
    title: 'A command names a service that no stack has any more',
    why: 'systemctl answers "Unit not found" with exit status 5.',
    source: 'Wazo upgrade notes (services renamed or retired)',
    seen: 32,
    fix: 'Name the service that took its place, or take the line out.',
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
              message: `No stack has the service ${unit} any more; ${retired.now} took its place`,
            },
          ];
        }),
      ),
  },
  {
    code: 'rules-restarts-asterisk',
    level: 'warning',
    area: 'rules',
    title: 'A command restarts Asterisk',
    why: 'Every call of every user ends. Almost everything can be reloaded; only modules.conf and asterisk.conf need a restart.',
    source: 'Asterisk, configuration read at start',
    seen: 5,
    fix: 'Reload what changed, or leave the restart to the administrator.',
    bad: rules({ install: 'systemctl restart asterisk || true' }),
    good: rules({ install: RELOAD }),
    check: ({ rules: script }) =>
      commandsOf(script).flatMap(({ command }) => {
        const restarts =
          restartedUnits(command).includes('asterisk') ||
          /^core (?:restart|stop)/.test(asteriskCommand(command) ?? '') ||
          restartsEverything(command);
        if (script === undefined || !restarts) return [];
        return [{ ...script.file.at(command.start), message: `"${lineOf(command)}" ends every call` }];
      }),
  },
  {
    code: 'rules-core-reload',
    level: 'warning',
    area: 'rules',
    title: 'core reload where a narrower reload does',
    why: 'core reload makes every module of Asterisk read its files again: slow, and refused while another reload runs.',
    source: 'Asterisk, core reload',
    seen: 4,
    fix: 'Reload what the plugin ships: dialplan reload for extensions, module reload NAME for others.',
    bad: rules({ postrm: 'answer=$(asterisk -rx "core reload") || true' }),
    good: rules({ postrm: RELOAD }),
    check: (subject) => {
      const files = [...subject.package.files.keys()].filter((file) => file.startsWith('/etc/asterisk/'));
      const dialplanOnly = files.length > 0 && files.every((file) => /\/extensions[^/]*\.d\//.test(file));
      return commandsOf(subject.rules).flatMap(({ command }) => {
        const told = asteriskCommand(command);
        if (subject.rules === undefined || !/^(?:core |module )?reload$/.test(told ?? '')) return [];
        const narrower = dialplanOnly ? '; "dialplan reload" is enough for what this plugin ships' : '';
        const at = subject.rules.file.at(command.start);
        return [{ ...at, message: `"${told}" makes every module of Asterisk reload${narrower}` }];
      });
    },
  },
  {
    code: 'rules-service-not-restarted',
    level: 'error',
    area: 'rules',
    title: 'A service is configured or extended, and install does not restart it',
    why: 'Services read their configuration and plugins at start only, so nothing happens until the next restart.',
    source: 'Wazo services, configuration merging and plugin loading',
    seen: 1,
    fix: 'Restart it in install.',
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
          message: `install does not restart ${unit}, which reads ${because} at start only`,
        }));
    },
  },
  {
    code: 'rules-service-untouched',
    level: 'info',
    area: 'rules',
    title: 'A service is restarted though the package has nothing for it',
    why: 'It only interrupts the service. wdev may not see what ties the two, so this is only a hint.',
    source: 'Wazo services, configuration merging and plugin loading',
    seen: 2,
    fix: 'Take the line out, if nothing else needs it.',
    needsPython: true,
    bad: rules({ install: 'systemctl restart wazo-dird || true' }),
    good: together(CALLD, rules({ install: RESTART, postrm: RESTART })),
    check: (subject) => {
      const script = subject.rules;
      if (script === undefined || !subject.package.certain) return [];
      const files = [...subject.package.files.keys()];
      const texts = commandsOf(script, 'install', 'postrm').map(({ command }) => command);
      return commandsOf(script, 'install').flatMap(({ command }) =>
        restartedUnits(command)
          .filter((unit) => serviceOf(unit) !== undefined && !touchedServices(subject).has(unit))
          .filter((unit) => {
            const mark = unit.replaceAll('-', '[-_]');
            const near = new RegExp(mark);
            if (files.some((file) => near.test(file))) return false;
            return !texts.some(
              (other) => other !== command && near.test(lineOf(other)) && restartedUnits(other).length === 0,
            );
          })
          .map((unit) => ({
            ...script.file.at(command.start),
            message: `${unit} is restarted, and the package has nothing for it`,
          })),
      );
    },
  },
  {
    code: 'rules-no-daemon-reload',
    level: 'warning',
    area: 'rules',
    title: 'A systemd unit is installed without systemctl daemon-reload',
    why: 'systemd goes on with the units that it has read, so the new or changed unit is not there, or is the old one.',
    source: 'systemd, daemon-reload',
    seen: 1,
    fix: 'Call systemctl daemon-reload in install, before the unit is started.',
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
      return [{ ...script.file.at(branch.start), message: `install does not make systemd read ${unit}` }];
    },
  },
];

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
