/** Events of wazo-plugind's jobs, as the real one sends them (README.md). */

export interface Sent {
  readonly status: string;
  readonly errors?: object;
  /** Of another job: a dependency's. */
  readonly other?: true;
}

const STEPS = [
  'starting',
  'downloading',
  'extracting',
  'validating',
  'installing dependencies',
  'building',
  'packaging',
  'updating',
  'installing',
  'cleaning',
] as const;

type Step = (typeof STEPS)[number];

const OPTIONS = { install_options: { url: 'https://git.example.org/hello.git', ref: 'master' } };

function upTo(step: Step): readonly Sent[] {
  return STEPS.slice(0, STEPS.indexOf(step) + 1).map((status) => ({ status }));
}

function error(id: string, message: string, details: object): Sent {
  return { status: 'error', errors: { error_id: id, message, resource: 'plugins', details } };
}

export const INSTALLED: readonly Sent[] = [...upTo('cleaning'), { status: 'completed' }];

/** That version is there. */
export const NOTHING_DONE: readonly Sent[] = [...upTo('validating'), { status: 'completed' }];

export const REMOVED: readonly Sent[] = ['starting', 'removing', 'completed'].map((status) => ({ status }));

/** A command of plugind's own process ended with an error. */
export function commandFailed(step: 'downloading' | 'building' | 'packaging'): readonly Sent[] {
  return [...upTo(step), error('install-error', 'Installation error', { step })];
}

/** Anything else, as what root does, went wrong. */
export function unexpected(step: 'extracting' | 'updating' | 'installing' | 'cleaning'): readonly Sent[] {
  const word = step.charAt(0).toUpperCase() + step.slice(1);
  return [...upTo(step), error(`${step}-error`, `${word} Error`, OPTIONS)];
}

export function notValid(details: object): readonly Sent[] {
  return [...upTo('validating'), error('validation-error', 'Validation error', details)];
}

/** The market has no such plugin, wazo-plugind goes on, and gdebi finds what is missing. */
export function dependencyFailed(namespace: string, name: string): readonly Sent[] {
  const options = { install_options: { namespace, name } };
  const other = (sent: Sent): Sent => ({ ...sent, other: true });
  return [
    ...upTo('installing dependencies'),
    other({ status: 'starting' }),
    other({ status: 'downloading' }),
    other(error('downloading-error', 'Downloading Error', options)),
    ...unexpected('installing').slice(STEPS.indexOf('building')),
  ];
}
