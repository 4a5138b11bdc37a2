/**
 * Asks once, for each project and content, about what a wdev.yml wants to run on this machine: it may have come with
 * the plugin. It may name the embedded stack, a stack or an ssh host unasked; all that is typed counts as agreed to.
 */

import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { agreeToAll } from './agree-to-all.ts';
import { pluginsBelow } from '../kinds/discover.ts';
import type { LoopOptions } from '../loop/loop.ts';
import { SETTINGS_FILE, chosenTarget, readSettings, type Settings } from '../settings/settings.ts';
import { EXIT, UserError } from '../support/errors.ts';
import { readBytes, readText } from '../support/read-file.ts';
import { statOf } from '../support/stat.ts';
import { isTrusted, trust, trustKey } from '../support/trust.ts';
import { parseAddress, type TargetAddress } from '../targets/address.ts';
import { namedStack } from './named-stack.ts';
import { quoteAll } from '../support/quote.ts';
import { isTerminal, printAside } from '../terminal/output.ts';

export interface AgreeFlags {
  readonly target?: string;
  /** Agrees in advance. */
  readonly trust?: true;
  readonly json?: true;
}

/** A program that settings want to run on this machine. */
interface Wish {
  /** Where it stands in the settings. */
  readonly keys: readonly (string | number)[];
  readonly argv: readonly string[];
}

/** Kinds of targets whose shell is opened by a program on this machine, and works on it. */
const HERE: readonly TargetAddress['kind'][] = ['local', 'exec', 'container'];

/**
 * The address of the target that a person means: `--target`, else `target:` of wdev.yml in the current folder, else
 * the embedded stack. Names of wdev.yml become their addresses.
 * @throws UserError `not-agreed` (exit 2) for one of wdev.yml on this machine that nobody agreed to
 */
export async function agreedAddress(flags: AgreeFlags): Promise<string> {
  const folder = process.cwd();
  const settings = readSettings(folder);
  const { address } = chosenTarget(flags.target, settings);
  await agreeTo(folder, targetWishes(flags.target, settings), flags);
  return address;
}

/**
 * As agreedAddress, with the command that prints a token for its services.
 * @throws UserError as agreedAddress, and for that command
 */
export async function agreedServer(flags: AgreeFlags): Promise<ReturnType<typeof chosenTarget>> {
  const folder = process.cwd();
  const settings = readSettings(folder);
  const wishes = [...targetWishes(flags.target, settings), ...tokenWishes(flags.target, settings)];
  await agreeTo(folder, wishes, flags);
  return chosenTarget(flags.target, settings);
}

type Agreed = Required<Pick<LoopOptions, 'paths' | 'target' | 'settings' | 'mayRun'>> &
  Pick<LoopOptions, 'tokenCommand'>;

/**
 * The plugins, the target and the settings of a loop; `given` paths, else those of wdev.yml, else the current folder.
 * @throws UserError `not-agreed` (exit 2) for what one of the wdev.yml runs on this machine, and as namedStack
 */
export async function agreedLoop(given: readonly string[], flags: AgreeFlags): Promise<Agreed> {
  const folder = process.cwd();
  const settings = readSettings(folder);
  const paths = given.length > 0 ? given : (settings.plugins ?? ['.']);
  await agreeToAll(paths, flags.trust === true);
  const { address: wanted, tokenCommand } = chosenTarget(flags.target, settings);
  const target = await namedStack(wanted, flags);
  const wishes = (own: Settings): readonly Wish[] =>
    parseAddress(target).kind === 'embedded' ? reloadWishes(own) : [];
  await agreeTo(
    folder,
    [
      ...targetWishes(flags.target, settings),
      ...tokenWishes(flags.target, settings),
      ...hookWishes(settings),
      ...wishes(settings),
    ],
    flags,
  );
  const others = pluginsBelow(paths).map(({ dir }) => dir);
  for (const dir of others.filter((other) => existsSync(path.join(other, SETTINGS_FILE))))
    await agreeTo(dir, wishes(readSettings(dir)), flags);
  const token = tokenCommand === undefined ? {} : { tokenCommand };
  return { paths, target, settings, ...token, mayRun: (dir, own) => isAgreed(dir, wishes(own)) };
}

function targetWishes(given: string | undefined, settings: Settings): readonly Wish[] {
  const { address, keys } = chosenTarget(given, settings);
  if (keys === undefined || !HERE.includes(parseAddress(address).kind)) return [];
  return [{ keys, argv: address.replace(/^exec:/, '').split(/\s+/) }];
}

/** Where a token for the target is wanted, the command that prints it. */
function tokenWishes(given: string | undefined, settings: Settings): readonly Wish[] {
  const { keys, tokenCommand } = chosenTarget(given, settings);
  return tokenCommand === undefined
    ? []
    : [{ keys: ['tokens', keys?.[1] ?? ''], argv: tokenCommand.split(/\s+/) }];
}

function hookWishes({ hooks = {} }: Settings): readonly Wish[] {
  return (['before', 'after'] as const).flatMap((when) =>
    (hooks[when] ?? []).map((argv, index) => ({ keys: ['hooks', when, index], argv })),
  );
}

/** On the embedded stack the programs of reload rows are those of this machine. */
function reloadWishes({ reload = [] }: Settings): readonly Wish[] {
  return reload.flatMap((row, at) =>
    row.do.flatMap((step, index) =>
      'run' in step ? [{ keys: ['reload', at, 'do', index, 'run'], argv: step.run }] : [],
    ),
  );
}

function isAgreed(folder: string, wishes: readonly Wish[]): boolean {
  return wishes.every((wish) => isTrusted(keyOf(folder, wish)));
}

/** The project, what the words are for, they themselves, and the files of the project that they name. */
function keyOf(folder: string, { keys, argv }: Wish): string {
  const real = realpathSync(folder);
  const purpose = keys.filter((key) => typeof key === 'string');
  const files = argv.map((word) => contentOf(real, word));
  return trustKey('settings', [real, purpose, argv, files]);
}

/** Keeps that the person named a target of this machine for the project's wdev.yml themselves. */
export async function agreeToTarget(folder: string, name: string): Promise<void> {
  const settings = readSettings(folder);
  for (const wish of [...targetWishes(name, settings), ...tokenWishes(name, settings)])
    await trust(keyOf(folder, wish));
}

/** In base64; undefined for a word that names no file of the project. */
function contentOf(folder: string, word: string): string | undefined {
  const full = path.resolve(folder, word);
  const isOfIt = full.startsWith(`${folder}${path.sep}`) && statOf(full)?.isFile() === true;
  return isOfIt ? readBytes(full).toString('base64') : undefined;
}

async function agreeTo(folder: string, wanted: readonly Wish[], flags: AgreeFlags): Promise<void> {
  const wishes = wanted.filter((wish) => !isAgreed(folder, [wish]));
  if (wishes.length === 0) return;
  const { lineAt } = await linesOf(folder);
  const file = path.join(path.relative(process.cwd(), folder), SETTINGS_FILE);
  const rows = wishes.map(({ keys, argv }) => `${file}:${lineAt(...keys)}: ${quoteAll(argv)}`);
  if (flags.trust !== true && !(isTerminal() && flags.json !== true)) throw notAgreed(rows);
  printAside([`${file} runs these programs on this machine, as you:`, ...rows.map((row) => `  ${row}`)]);
  if (flags.trust !== true) {
    const { confirm } = await import('../terminal/prompt.ts');
    if (!(await confirm('Let them run? (asked again only when they change)', HELP))) throw notAgreed(rows);
  }
  for (const wish of wishes) await trust(keyOf(folder, wish));
}

async function linesOf(
  folder: string,
): Promise<{ lineAt: (...keys: readonly (string | number)[]) => number }> {
  const { readOwnYaml } = await import('../readers/yaml/own.ts');
  return readOwnYaml(readText(path.join(folder, SETTINGS_FILE)));
}

const HELP =
  'Review the programs. To approve them, add --trust to the command. A program that changes needs a new approval.';

function notAgreed(rows: readonly string[]): UserError {
  return new UserError(
    'not-agreed',
    `${SETTINGS_FILE} runs programs on this machine that you have not approved:\n${rows.join('\n')}`,
    {
      help: `Nothing was run. ${HELP}`,
      exit: EXIT.usage,
    },
  );
}
