import { randomBytes } from 'node:crypto';
import os from 'node:os';
import { EXIT, UserError } from '../support/errors.ts';
import type { Places, TargetFacts } from '../effects/change.ts';
import { logFiles } from '../effects/evidence/log-channels.ts';
import { decodeName } from '../support/file-name.ts';
import { quote } from '../support/quote.ts';
import { sectionText, splitSections, type Section } from '../effects/sections.ts';
import { readRecords, recordsDamaged, rewriteTouched } from './damage.ts';
import { STATE_FOLDER, type InstalledPlugin } from './manifest.ts';
import { readOwnerLine, type Owner } from './packages.ts';
import type { Target } from './target.ts';
import { NEEDS_ROOT } from './lost.ts';

export { STATE_FOLDER, manifestPath, manifestText, type InstalledPlugin } from './manifest.ts';

/** Where Asterisk logs: Wazo's place first, then Debian's. */
const ASTERISK_LOGS = [
  '/var/log/asterisk/full',
  '/var/log/asterisk/messages.log',
  '/var/log/asterisk/messages',
];

/** A target with its lock held: its facts, and what stands on it. */
export interface Session extends Places {
  readonly target: Target;
  readonly facts: TargetFacts;
  readonly installed: Map<string, InstalledPlugin>;
  /** Every path whose original self is kept for `wdev restore`. */
  readonly touched: Set<string>;
  /** Those of `touched` that the batch in hand touched first: they are no longer, if it is rolled back. */
  readonly fresh: Set<string>;
  /** Whether the target has a package database. */
  readonly hasPackages: boolean;
  /** Touched path → the Debian package that brought the original, as it was when it was kept. */
  readonly past: Map<string, Owner>;
  readonly look: {
    /** Whether the package database was changed since `past` was true. */
    isDue: boolean;
    /** Whether a batch can see that it was. */
    canTell: boolean;
    /** Plugins that dpkg left otherwise than wdev did. */
    readonly shaken: Set<string>;
  };
  /** Contexts that its Asterisk was seen to have. */
  readonly contexts: Set<string>;
  /** Whether an interrupted batch was found and rolled back. */
  readonly recovered: boolean;
  /** The records of wdev there that could not be read; only a restore goes on then. */
  readonly damage: readonly string[];
}

/** Tells the shells of this process from those of others: after a cut it may end its own earlier one. */
const TOKEN = randomBytes(9).toString('hex');

/**
 * Locks a target, rolls back a batch that was cut off, and reads its state: one round trip. A `restoring` session goes
 * on with what is whole of damaged records.
 * @throws UserError `target-locked` when another wdev watches it, `target-unreachable` when it can't be reached,
 * `target-state-damaged`
 */
export async function openSession(
  target: Target,
  { restoring = false }: { readonly restoring?: boolean } = {},
): Promise<Session> {
  const owner = `${os.userInfo().username}@${os.hostname()}, process ${process.pid}`;
  const { status, stdout, stderr } = await target.run(openingScript(owner, restoring));
  const sections = splitSections(decodeName(stdout), target.mark);
  if (status === 75) {
    throw new UserError(
      'target-locked',
      `target ${target.id} is in use by ${sectionText(sections, 'owner').trim()}`,
      {
        help: 'Stop that wdev, or choose another target with --target.',
      },
    );
  }
  if (status === DAMAGED) throw recordsDamaged(target, [stderr.toString('utf8').trim()]);
  if (status !== 0) throw stateUnusable(target, stderr.toString('utf8').trim());
  const session = readSession(target, sections);
  if (session.damage.length === 0) return session;
  if (!restoring) throw recordsDamaged(target, session.damage);
  for (const path of await rewriteTouched(target, [...session.installed.values()])) session.touched.add(path);
  return session;
}

/** Status of a script that found records which it cannot read. */
const DAMAGED = 79;

function stateUnusable(target: Target, said: string): UserError {
  return new UserError(
    'target-state',
    `target ${target.id}: its state in ${target.root}${STATE_FOLDER} cannot be used: ${said}`,
    {
      help: NEEDS_ROOT,
      exit: EXIT.unreachable,
    },
  );
}

/**
 * Reads a target's state without its lock, while another wdev may be at work: for looking only.
 * @throws UserError `target-unreachable` when it can't be reached, `target-state-damaged`
 */
export async function peekSession(target: Target): Promise<Session> {
  const { status, stdout, stderr } = await target.run(READING_SCRIPT);
  if (status !== 0) throw stateUnusable(target, stderr.toString('utf8').trim());
  const session = readSession(target, splitSections(decodeName(stdout), target.mark));
  if (session.damage.length > 0) throw recordsDamaged(target, session.damage);
  return session;
}

/** Status of a script that found that the state folder is not this session's any more. */
export const NOT_OURS = 78;

/** Goes before all that relies on what the state folder keeps. */
export const STILL_OURS = `wdev_holds || exit ${NOT_OURS}`;

/** The error of a session whose state folder is gone: opened again, it begins with what stands on the target then. */
export function stateGone({ target }: Session): UserError {
  const folder = `${target.root}${STATE_FOLDER}`;
  return new UserError(
    'target-state-gone',
    `target ${target.id}: somebody removed ${folder} while wdev was at work, with what stood on the target before wdev`,
    {
      help: 'wdev restore can only restore what is there now. Let wdev restore remove that folder.',
      exit: EXIT.unreachable,
    },
  );
}

function openingScript(owner: string, restoring: boolean): string {
  // what the batch changed first is kept for good, too
  const aside = `{ [ $? = ${DAMAGED} ] && wdev_set_aside && echo aside; } || exit 1`;
  return [
    `wdev_section owner; wdev_lock ${quote(owner)} ${TOKEN} || exit`,
    `wdev_section recovered; wdev_recover || ${restoring ? aside : 'exit'}`,
    READING_SCRIPT,
  ].join('; ');
}

const READING_SCRIPT = readingScript();

function readingScript(): string {
  const units = 'systemctl list-unit-files --type=service --no-legend --no-pager 2>/dev/null';
  return [
    // to who may not look into it, it is empty
    '[ ! -d "$S" ] || { [ -r "$S" ] && [ -x "$S" ]; } || { echo "$(id -un) may not read it" >&2; exit 1; }',
    `wdev_section units; ${units} || :`,
    'wdev_section asterisk; command -v asterisk || :',
    `wdev_section logs; for f in ${ASTERISK_LOGS.join(' ')}; do [ ! -f "$R$f" ] || echo "$f"; done`,
    'wdev_section channels; if [ -z "$R" ] && command -v asterisk >/dev/null; then wdev_console \'logger show channels\'; fi || :',
    'wdev_section call-logger; for d in "$R"/usr/lib/python3/dist-packages "$R"/usr/local/lib/python3*/dist-packages; do [ ! -d "$d/quartx_call_logger" ] || echo "${d#"$R"}/quartx_call_logger"; done',
    'wdev_section packages; [ ! -d "$R/var/lib/dpkg/info" ] || echo yes',
    'wdev_section owners; [ ! -f "$S/owners" ] || cat "$S/owners" || exit',
    'wdev_section touched; [ ! -f "$S/touched" ] || cat "$S/touched" || exit',
    // one that was cut off lacks the end of its line
    'wdev_section plugins; for f in "$S"/plugins/*.json; do [ ! -f "$f" ] || { cat "$f" && echo; } || exit; done',
  ].join('; ');
}

function readSession(target: Target, sections: readonly Section[]): Session {
  const text = (name: string): string => sectionText(sections, name).trim();
  const lines = (name: string): readonly string[] =>
    text(name)
      .split('\n')
      .filter((line) => line !== '');
  const units = lines('units').map((line) => (line.trim().split(/\s+/)[0] ?? '').replace(/\.service$/, ''));
  const records = readRecords(sectionText(sections, 'touched'), text('plugins'));
  const aside =
    text('recovered') === 'aside' ? ['the record of a batch that was cut off cannot be read'] : [];
  return {
    target,
    facts: {
      units: units.length === 0 ? undefined : new Set(units),
      hasAsterisk: text('asterisk') !== '',
      runsRules: target.runsRules,
    },
    asteriskLog: asteriskLog(lines('logs'), text('channels')),
    callLogger: lines('call-logger')[0],
    installed: new Map(records.installed.map((plugin) => [plugin.id, plugin])),
    touched: new Set(records.touched),
    fresh: new Set(),
    hasPackages: text('packages') === 'yes',
    past: new Map(sectionText(sections, 'owners').split('\n').flatMap(readOwnerLine)),
    look: { isDue: true, canTell: true, shaken: new Set() },
    contexts: new Set(),
    recovered: text('recovered') === 'yes',
    damage: [...aside, ...records.damage],
  };
}

/** The log that Asterisk says it writes; where it does not tell, the one that is there. */
function asteriskLog(found: readonly string[], channels: string): string | undefined {
  const told = logFiles(channels);
  return told === undefined || told.length === 0
    ? found[0]
    : (told.find((file) => found.includes(file)) ?? told[0]);
}

/** Gives the lock back and ends the shell. */
export async function closeSession(session: Session): Promise<void> {
  await session.target.run('wdev_unlock').catch(() => undefined);
  await session.target.close();
}
