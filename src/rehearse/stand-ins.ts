import { SERVICES } from '../wazo/services.ts';
import type { Machine } from './machine.ts';

/** Programs that a Wazo server has beside its services. */
const PROGRAMS = ['wazo-auth-keys', 'wazo-service', 'wazo-plugind-cli', 'asterisk'];

/** Other services that a Wazo server has. */
const OTHERS = ['nginx', 'rabbitmq-server', 'postgresql'];

const UNITS = [...SERVICES.map(({ unit }) => unit), ...OTHERS];

/** Whether a unit is one of a Wazo server's, so that the machine can have a stand-in for it. */
export function hasStandIn(unit: string): boolean {
  return UNITS.includes(unit);
}

/**
 * Gives the machine the units and programs of a Wazo server that `rules` names and that it lacks: units that only
 * answer on their port, and programs that do nothing. Gives back their names.
 * @param text the text of `wazo/rules`
 */
export async function addStandIns(
  machine: Machine,
  text: string,
  wanted: readonly string[],
): Promise<readonly string[]> {
  const rules = text.replaceAll(/^[ \t]*#.*$/gm, '');
  const { stdout } = await machine.sh(
    // of several names dash looks for the first alone
    `systemctl list-unit-files --type=service --plain --no-legend; for name in ${PROGRAMS.join(' ')}; do command -v "$name"; done`,
  );
  const lines = stdout.split('\n');
  const there = new Set(lines.map((line) => line.split('.service')[0]));
  const named = UNITS.filter(
    (unit) => wanted.includes(unit) || new RegExp(`(?<![\\w-])${unit}(?![\\w-])`).test(rules),
  );
  const units = named.filter((unit) => !there.has(unit));
  for (const unit of units) {
    machine.put(
      `/usr/lib/systemd/system/${unit}.service`,
      `[Unit]\nDescription=Stand-in for ${unit}\n[Service]\nExecStart=${standIn(unit)}\nStartLimitIntervalSec=150\nStartLimitBurst=15\n`,
    );
  }
  const programs = PROGRAMS.filter(
    (name) => rules.includes(name) && !lines.some((line) => line.endsWith(`/${name}`)),
  );
  for (const name of programs) machine.put(`/usr/bin/${name}`, '#!/bin/sh\nexit 0\n', 0o755);
  if (units.length > 0) await machine.sh(`systemctl daemon-reload; systemctl start ${units.join(' ')}`);
  return [...units, ...programs];
}

/** Answers where the service would, so that rules that wait for it go on. */
function standIn(unit: string): string {
  const port = SERVICES.find((service) => service.unit === unit)?.port;
  if (port === undefined) return '/usr/bin/sleep infinity';
  const python = `import socket\\ns=socket.create_server(("127.0.0.1",${port}))\\nwhile True: s.accept()[0].close()`;
  return `/usr/bin/python3 -c 'exec("""${python.replaceAll("'", '"')}""")'`;
}
