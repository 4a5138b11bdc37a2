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
import { downReal, findReal, hasTrace, realCommand, upReal, type RealStack } from './real.ts';
import { clearLeft } from './real/clear.ts';
import { clearDraftRoots } from './real/root.ts';
import { embeddedStatus, realStatus, type StackStatus } from './status.ts';

export type StackKind = 'embedded' | 'real';

export type AnyStack =
  | { readonly kind: 'real'; readonly stack: RealStack }
  | { readonly kind: 'embedded'; readonly stack: EmbeddedStack };

export interface StackQuery {
  readonly kind?: StackKind;
  /** Name of a real stack; `default` when none is given. */
  readonly name?: string;
  /** Folder of the project, for the embedded stack. */
  readonly project: string;
}

/** Reads the value of --kind, or of another flag that names a kind of stack. */
export function stackKind(text: string, flag = '--kind'): StackKind {
  if (text === 'embedded' || text === 'real') return text;
  throw usageError(`${flag} ${text}: a stack is embedded or real`);
}

/**
 * The stack that a person means: the kind and name that they gave, else the real one that runs, else the
 * embedded one of the project.
 * @throws UserError `no-stack` (exit 3) when there is none
 */
export async function chooseStack(query: StackQuery): Promise<AnyStack> {
  const name = query.name ?? 'default';
  if (query.kind !== 'embedded') {
    await clearLeft();
    const real = await findReal(name);
    if (real !== undefined) return { kind: 'real', stack: real };
  }
  if (query.kind !== 'real' && query.name === undefined) {
    const embedded = findEmbedded(query.project);
    if (embedded !== undefined) return { kind: 'embedded', stack: embedded };
  }
  const what = query.kind === 'embedded' ? 'embedded stack in this project' : `stack named ${name}`;
  throw new UserError('no-stack', `there is no ${what}`, {
    exit: EXIT.unreachable,
    help: `Start it: wdev stack up${query.kind === 'embedded' ? ' --kind embedded' : ''}${
      query.name === undefined ? '' : ` --name ${name}`
    }`,
  });
}

export interface Started {
  readonly status: StackStatus;
  /** False when it was running already. */
  readonly started: boolean;
  readonly ms: number;
}

/** Starts the stack that a person means, a real one by default; `forUs` as upReal has it. */
export async function startStack(
  query: StackQuery,
  onProgress: (text: string) => void,
  forUs = false,
): Promise<Started> {
  const begin = Date.now();
  let any: AnyStack;
  let running: boolean;
  if (query.kind === 'embedded') {
    const before = findEmbedded(query.project);
    running = before !== undefined && consolePid(before) !== undefined;
    any = { kind: 'embedded', stack: await upEmbedded(query.project) };
  } else {
    const name = query.name ?? 'default';
    running = (await findReal(name)) !== undefined;
    any = { kind: 'real', stack: await upReal(name, { onProgress, forUs }) };
  }
  const status = any.kind === 'real' ? realStatus(any.stack) : embeddedStatus(any.stack);
  return { status, started: !running, ms: Date.now() - begin };
}

/**
 * Ends the stack that a person means, and removes what killed processes left, of whatever name. Gives back what was
 * there.
 */
export async function endStack(query: StackQuery): Promise<readonly string[]> {
  const left = await clearStale();
  const ended: string[] = [];
  const name = query.name ?? 'default';
  if (query.kind !== 'embedded' && hasTrace(name)) {
    await downReal(name);
    ended.push(`real stack ${name}`);
  }
  const real = ended.length > 0 || query.kind === 'real' || query.name !== undefined;
  if (!real && hasEmbedded(query.project)) {
    await downEmbedded(query.project);
    ended.push('embedded stack');
  }
  return [...ended, ...left];
}

async function clearStale(): Promise<readonly string[]> {
  const stacks = await clearLeft();
  const roots = await clearDraftRoots();
  return [
    ...stacks.map((name) => `what was left of ${name}`),
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
    return ['sh', '-c', `${both} /var/log/asterisk/full /var/log/wazo-confgend.log`];
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
