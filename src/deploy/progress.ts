/** The steps of wazo-plugind as its events tell them, and what became of the whole. Pure. */

/** `errors` of an event. Source: wazo-plugind, bus events. */
export interface PlugindError {
  readonly error_id?: string;
  readonly message?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** An event of the bus, as the far end passes it on. */
export interface PlugindEvent {
  readonly status: string;
  readonly uuid: string;
  /** It is of the job that we asked for. */
  readonly own: boolean;
  readonly errors?: PlugindError | null;
}

export interface StepDone {
  readonly step: string;
  readonly ms: number;
  readonly ok: boolean;
}

/** The end of a job. */
export type Verdict =
  | { readonly is: 'completed' }
  /** It ended well, and nothing was done: that version is there. */
  | { readonly is: 'nothing-done' }
  | { readonly is: 'failed'; readonly step: string; readonly error: PlugindError };

/** A dependency whose installation failed while ours waited for it; wazo-plugind goes on without it. */
export interface FailedDependency {
  /** `namespace/name`, as far as the event says it. */
  readonly name: string | undefined;
  readonly step: string;
  readonly error: PlugindError;
}

const DEPENDENCIES = 'installing dependencies';

/** Follows one job. Times are milliseconds of one clock. */
export class Progress {
  readonly done: StepDone[] = [];
  readonly dependencies: FailedDependency[] = [];
  verdict: Verdict | undefined;
  /** The step that it is at. */
  current: string | undefined;
  #since: number;
  /** Last status of other jobs that began while ours waited. */
  readonly #others = new Map<string, string>();

  constructor(now: number) {
    this.#since = now;
  }

  /** Takes an event in; gives the step that it ended, if it ended one. */
  take(event: PlugindEvent, now: number): StepDone | undefined {
    if (!event.own) {
      this.#other(event);
      return undefined;
    }
    const { status } = event;
    const before = this.current;
    const failed = status === 'error';
    const ended =
      before === undefined ? undefined : { step: before, ms: Math.round(now - this.#since), ok: !failed };
    if (ended !== undefined) this.done.push(ended);
    this.#since = now;
    if (failed) {
      const error = event.errors ?? {};
      this.verdict = { is: 'failed', step: failedStep(error, before), error };
      this.current = undefined;
    } else if (status === 'completed') {
      // an installation of what is there ends behind its third step
      const isShort = before === 'validating' || before === 'downloading';
      this.verdict = { is: isShort ? 'nothing-done' : 'completed' };
      this.current = undefined;
    } else this.current = status;
    return ended;
  }

  /** Jobs of dependencies have numbers of their own, and say nowhere whose they are. */
  #other({ uuid, status, errors }: PlugindEvent): void {
    if (this.current !== DEPENDENCIES) return;
    if (status === 'error' && errors !== undefined && errors !== null) {
      const step = failedStep(errors, this.#others.get(uuid));
      this.dependencies.push({ name: nameOf(errors), step, error: errors });
    }
    this.#others.set(uuid, status);
  }
}

/** The step that an error is of. Source: wazo-plugind, error_id and details of an installation. */
function failedStep({ error_id: id = '', details }: PlugindError, current: string | undefined): string {
  const told = details?.['step'];
  if (typeof told === 'string') return told;
  if (id === 'validation-error') return 'validating';
  const named = /^(.+)-error$/.exec(id)?.[1]?.replaceAll('-', ' ');
  return named === undefined || named === 'install' ? (current ?? 'starting') : named;
}

function nameOf({ details }: PlugindError): string | undefined {
  const options = details?.['install_options'] as Readonly<Record<string, unknown>> | undefined;
  const [namespace, name, url] = [options?.['namespace'], options?.['name'], options?.['url']];
  if (typeof namespace === 'string' && typeof name === 'string') return `${namespace}/${name}`;
  return typeof url === 'string' ? url : undefined;
}
