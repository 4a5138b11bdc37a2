import { serviceOf } from '../plugin/services.ts';
import type { Session } from '../target/session.ts';

const LINES = 10;

/** The last lines of Asterisk's log, and of the services' logs that exist on the target. */
export async function recentLogs(session: Session): Promise<readonly string[]> {
  const services = [...(session.facts.units ?? [])].flatMap((unit) => serviceOf(unit)?.log ?? []);
  const files = [...(session.asteriskLog === undefined ? [] : [session.asteriskLog]), ...services];
  const script = files
    .map((file) => `if [ -s "$R"${file} ]; then echo ${file}:; tail -n ${LINES} "$R"${file}; fi`)
    .join('; ');
  const { stdout } = await session.target.run(script === '' ? ':' : script);
  return stdout.toString('utf8').trimEnd().split('\n');
}
