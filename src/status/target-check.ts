import { SERVICES } from '../wazo/services.ts';
import { sectionText, splitSections } from '../effects/sections.ts';
import type { Target } from '../targets/target.ts';

/** The facts found on a target. */
export interface TargetCheck {
  readonly target: string;
  /** `PRETTY_NAME` of its os-release. */
  readonly system: string;
  /** `root`, or `root by sudo from NAME`. */
  readonly user: string;
  readonly asterisk: { readonly version: string; readonly answers: boolean } | null;
  /** Units of the stack that are there, and whether each is active; null without systemd. */
  readonly services: readonly { readonly unit: string; readonly active: boolean }[] | null;
  readonly python: string | null;
  /** Whether perl is there, and does what a program would be started for. */
  readonly helper: boolean;
  /** The programs that wdev needs and the target lacks. */
  readonly lacks: readonly string[];
  /** Plugins that wdev put there. */
  readonly plugins: number;
  readonly watchedBy: string | null;
  /** Of an empty command in the open shell, in milliseconds. */
  readonly roundTrip: number;
}

/** Programs that every part of wdev uses on a target: coreutils, tar, and what finds differences. */
const NEEDED = [
  'tar',
  'sha256sum',
  'mktemp',
  'head',
  'tail',
  'wc',
  'stat',
  'sed',
  'grep',
  'xargs',
  'readlink',
];

/** Looks around on a target. */
export async function checkTarget(target: Target): Promise<TargetCheck> {
  const units = [...SERVICES.map(({ unit }) => unit), 'call-logger', 'nginx'];
  const script = [
    'wdev_section system; sed -n \'s/^PRETTY_NAME="\\{0,1\\}\\([^"]*\\).*/\\1/p\' /etc/os-release 2>/dev/null || uname -sr',
    'wdev_section user; id -un; echo "${SUDO_USER-}"',
    'wdev_section version; command -v asterisk >/dev/null && asterisk -V',
    'wdev_section boot; command -v asterisk >/dev/null && asterisk -rx "core waitfullybooted" 2>&1',
    'wdev_section units; command -v systemctl >/dev/null && echo yes',
    `for u in ${units.join(' ')}; do [ "$(systemctl show -p LoadState --value $u 2>/dev/null)" != loaded ] || echo "$u $(systemctl is-active $u)"; done`,
    'wdev_section python; python3 -V 2>&1',
    'wdev_section helper; echo "$__helper"',
    `wdev_section lacks; for p in ${NEEDED.join(' ')}; do command -v $p >/dev/null || echo $p; done`,
    'wdev_section plugins; ls "$S/plugins" 2>/dev/null',
    'wdev_section lock; wdev_holder',
  ].join('; ');
  const { stdout } = await target.run(`${script}; :`);
  const started = performance.now();
  await target.run(':');
  const roundTrip = Math.round((performance.now() - started) * 10) / 10;
  const sections = splitSections(stdout.toString('utf8'), target.mark);
  return { target: target.id, roundTrip, ...readCheck((name) => sectionText(sections, name).trim()) };
}

function readCheck(text: (name: string) => string): Omit<TargetCheck, 'target' | 'roundTrip'> {
  const [name = '', sudo = ''] = text('user').split('\n');
  const [systemd, ...units] = lines(text('units'));
  const holder = text('lock');
  return {
    system: text('system'),
    user: sudo === '' ? name : `${name} by sudo from ${sudo}`,
    asterisk:
      text('version') === ''
        ? null
        : { version: text('version').replace(/^Asterisk /, ''), answers: /fully booted/.test(text('boot')) },
    services:
      systemd === undefined
        ? null
        : units.map((line) => ({ unit: line.split(' ')[0] ?? '', active: line.endsWith(' active') })),
    python: /^Python (\S+)$/m.exec(text('python'))?.[1] ?? null,
    helper: text('helper') !== '',
    lacks: lines(text('lacks')),
    plugins: lines(text('plugins')).length,
    watchedBy: holder === '' ? null : holder,
  };
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}
