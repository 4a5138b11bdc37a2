import { EXIT, UserError, usageError } from '../support/errors.ts';
import {
  consolePid,
  downEmbedded,
  embeddedEnv,
  findEmbedded,
  hasEmbedded,
  upEmbedded,
  type EmbeddedStack,
} from './embedded.ts';
import {
  downReal,
  findReal,
  hasTrace,
  realCommand,
  upReal,
  type RealStack,
  type ServicesOrder,
  type UpRealOptions,
} from './real.ts';
import { clearLeft, standing } from './real/clear.ts';
import { clearDraftRoots } from './real/root.ts';
import { meantBy } from '../support/nearest.ts';
import { readState, stackNames } from './real/run-folder.ts';
import { embeddedStatus, realStatus, type StackStatus } from './status.ts';

export type StackKind = 'embedded' | 'real' | 'wazo';

export type AnyStack =
  | { readonly kind: 'real'; readonly stack: RealStack }
  | { readonly kind: 'embedded'; readonly stack: EmbeddedStack };

export interface StackQuery {
  readonly kind?: StackKind;
  /** Name of a real stack; `default` when none is given, `wazo` for one with Wazo's services. */
  readonly name?: string;
  /** Folder of the project, for the embedded stack. */
  readonly project: string;
}

/** Reads the value of --kind. */
export function stackKind(text: string): StackKind {
  if (text === 'embedded' || text === 'real' || text === 'wazo') return text;
  throw usageError(`--kind: unknown value "${text}"; choose from embedded, real, wazo`);
}

/** The name that a real stack has unless it is given one; those with Wazo's services have another. */
function nameOf({ name, kind }: StackQuery): string {
  return name ?? (kind === 'wazo' ? 'wazo' : 'default');
}

/**
 * The stack that a person means: the kind and name that they gave, else the real one that runs, else the
 * embedded one of the project.
 * @throws UserError `no-stack` (exit 3) when there is none
 */
export async function chooseStack(query: StackQuery): Promise<AnyStack> {
  if (query.kind !== 'embedded') {
    await clearLeft();
    const real = (await findReal(nameOf(query))) ?? (await onlyWazo(query));
    if (real !== undefined) return { kind: 'real', stack: real };
  }
  if ((query.kind === undefined || query.kind === 'embedded') && query.name === undefined) {
    const embedded = findEmbedded(query.project);
    if (embedded !== undefined) return { kind: 'embedded', stack: embedded };
  }
  throw noStack(query);
}

/** The error about a stack that is not there, with one that may have been meant, and how to start it. */
export function noStack(query: StackQuery): UserError {
  const name = nameOf(query);
  const what = query.kind === 'embedded' ? 'embedded stack in this project' : `stack named ${name}`;
  const kind = query.kind ?? (name === 'wazo' ? 'wazo' : 'real');
  const flags = [
    ...(kind === 'real' ? [] : [` --kind ${kind}`]),
    // a stack with Wazo's services has that name by itself
    ...(query.name === undefined || (kind === 'wazo' && name === 'wazo') ? [] : [` --name ${name}`]),
  ];
  const meant = query.name === undefined ? undefined : stackMeantBy(query.name);
  const list = query.name === undefined ? '' : 'List the stacks: wdev stack status\n';
  return new UserError('no-stack', `there is no ${what}`, {
    exit: EXIT.unreachable,
    help: `${meant === undefined ? `${list}Create it` : `Did you mean ${meant}? Otherwise create it`}: wdev stack up${flags.join('')}`,
  });
}

/** The running stack whose name is much like that one. */
export function stackMeantBy(name: string): string | undefined {
  const running = stackNames().filter((other) => standing(other).is === 'running');
  return meantBy(name, running);
}

/** Who names no stack and has none of the usual name means the one with Wazo's services, if it runs. */
async function onlyWazo(query: StackQuery): Promise<RealStack | undefined> {
  return query.kind === undefined && query.name === undefined ? await findReal('wazo') : undefined;
}

export interface Started {
  readonly status: StackStatus;
  /** False when it was running already. */
  readonly started: boolean;
  readonly ms: number;
}

export interface StartOptions extends UpRealOptions {
  readonly onProgress: (text: string) => void;
}

/**
 * Starts the stack that a person means, a real one by default.
 * @throws UserError `stack-kind` when a stack of that name and another kind runs; as upReal
 */
export async function startStack(query: StackQuery, options: StartOptions): Promise<Started> {
  const begin = performance.now();
  let any: AnyStack;
  let running: boolean;
  if (query.kind === 'embedded') {
    const before = findEmbedded(query.project);
    running = before !== undefined && consolePid(before) !== undefined;
    any = { kind: 'embedded', stack: await upEmbedded(query.project) };
  } else {
    const name = nameOf(query);
    running = (await findReal(name)) !== undefined;
    const stack = await upReal(name, options);
    demandSame(stack, options.services);
    any = { kind: 'real', stack };
  }
  const status = any.kind === 'real' ? realStatus(any.stack) : embeddedStatus(any.stack);
  return { status, started: !running, ms: Math.round(performance.now() - begin) };
}

/** One that runs already may be another than a person wants. */
function demandSame(stack: RealStack, order: ServicesOrder | undefined): void {
  const kind = order === undefined ? 'real' : 'wazo';
  const missing = order?.selection.units.filter((unit) => !stack.units.includes(unit)) ?? [];
  if (stack.kind === kind && missing.length === 0) return;
  const what = stack.kind === kind ? `has no ${missing.join(', ')}` : `is of the kind ${stack.kind}`;
  throw new UserError('stack-kind', `the stack ${stack.name} runs already, and ${what}`, {
    help: `End it first (wdev stack down --name ${stack.name}), or give the new one a name: --name NAME`,
  });
}

/**
 * Ends the stack that a person means, and removes what killed processes left, of whatever name.
 * @returns what ran, and what was left of others, each in the words of a person
 */
export async function endStack(
  query: StackQuery,
): Promise<{ readonly ended: readonly string[]; readonly left: readonly string[] }> {
  const left = await clearStale();
  const ended: string[] = [];
  const name =
    query.kind === undefined && query.name === undefined && !hasTrace('default') ? 'wazo' : nameOf(query);
  if (query.kind !== 'embedded' && hasTrace(name)) {
    const state = readState(name);
    await downReal(name);
    ended.push(`${state?.what === 'machine' && state.kind === 'wazo' ? 'Wazo' : 'real'} stack ${name}`);
  }
  const real = ended.length > 0 || query.kind === 'real' || query.kind === 'wazo' || query.name !== undefined;
  if (!real && hasEmbedded(query.project)) {
    await downEmbedded(query.project);
    ended.push('embedded stack');
  }
  return { ended, left };
}

async function clearStale(): Promise<readonly string[]> {
  const stacks = await clearLeft();
  const roots = await clearDraftRoots();
  return [
    ...stacks.map((name) => `files that stack ${name} left behind`),
    ...roots.map((folder) => `half-made ${folder}`),
  ];
}

/** The command, and what to add to the environment, that runs a program in the stack. */
export function commandIn(
  any: AnyStack,
  command: readonly [string, ...string[]],
): { command: [string, ...string[]]; env: Record<string, string> } {
  if (any.kind === 'real') return { command: realCommand(any.stack, command), env: {} };
  return { command: [...command], env: embeddedEnv(any.stack) };
}

/** The program that a person gets for `wdev stack shell`. */
export function shellIn(any: AnyStack): [string, ...string[]] {
  return any.kind === 'real' ? ['/bin/bash', '--login'] : [process.env['SHELL'] || 'sh'];
}

/** The program that prints what the stack logged, on and on with `follow`. */
export function logCommand(any: AnyStack, follow: boolean): [string, ...string[]] {
  const tail = follow ? 'tail -n 100 -F' : 'tail -n 200';
  if (any.kind === 'real') {
    const journal = `journalctl --no-hostname -n 100 ${follow ? '-f' : '--no-pager'}`;
    const both = follow ? `${journal} & exec ${tail}` : `${journal}; exec ${tail}`;
    const units = any.stack.kind === 'wazo' ? any.stack.units : ['asterisk', 'wazo-confgend'];
    const files = units
      .map((unit) => (unit === 'asterisk' ? ' /var/log/asterisk/full' : ` /var/log/${unit}.log`))
      .join('');
    return ['sh', '-c', `${both}${files}`];
  }
  const { root, run } = any.stack;
  const files = [`${root}/var/log/asterisk/full`, `${root}/var/log/wazo-confgend.log`, `${run}/services.log`];
  const quoted = files.map((file) => `'${file.replaceAll("'", String.raw`'\''`)}'`);
  return [
    'sh',
    '-c',
    `for f in ${quoted.join(' ')}; do [ -e "$f" ] || : >"$f"; done; exec ${tail} ${quoted.join(' ')}`,
  ];
}
