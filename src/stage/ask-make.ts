/** Asks make what a `wazo/rules` that is a Makefile would do. Reading it runs `$(shell …)`, so that is in the sandbox. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import type { PluginToCheck } from '../check/check.ts';
import type { SourceFile } from '../git/sources.ts';
import { kindOf } from '../kinds/plugin.ts';
import {
  isMakefile,
  type MadeRules,
  type MadeRulesByFolder,
  type MakeAnswer,
} from '../readers/shell/make-answer.ts';
import { RULES_COMMANDS } from '../readers/shell/rules-script.ts';
import { textOf } from '../readers/source-text.ts';
import { bounded, boundedSeconds, MEGABYTES, PROCESSES, timesOf } from '../sandbox/bounds.ts';
import { policy, timeLimit, TOO_MUCH } from '../sandbox/policy.ts';
import { runPlugin } from '../sandbox/run.ts';
import { findWay, REMEDY } from '../sandbox/way.ts';
import { Allowance, MORE_TIME } from '../support/allowance.ts';
import { messageOf } from '../support/errors.ts';
import { installedHome } from '../wazo/names.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

const RULES = 'wazo/rules';

/** Seconds for one command: nothing is built, only read. */
const SECONDS = 10;

/** Seconds for the commands of all plugins of a run that wait, or do anything else. */
const ALL_SECONDS = 30;

/** Stands for the package's folder: no make has a variable in it, and no plugin a file. */
const PKGDIR = '/wdev-pkgdir';

/** Whether make runs the `wazo/rules` of a plugin. */
function isOfMake({ plugin, sources }: PluginToCheck): boolean {
  const rules = sources.get(RULES);
  return (
    kindOf(plugin).can.build && rules?.link === undefined && rules !== undefined && isMakefile(textOf(rules))
  );
}

/**
 * Asks make what it would do for each of the plugins whose `wazo/rules` is a Makefile, in a clean copy, without the network, and
 * within bounds.
 * Where the machine has no sandbox, nothing is asked unless the person does without one.
 * @param refused why make is not to be asked at all
 * @param allowance that of the run, of which the plugins take what make does for them
 */
export async function askMake(
  plugins: readonly PluginToCheck[],
  refused?: () => string | undefined,
  allowance: Allowance = new Allowance(boundedSeconds()),
): Promise<MadeRulesByFolder> {
  const made = plugins.filter(isOfMake);
  if (made.length === 0) return new Map();
  const why = refused?.() ?? (await missingSandbox());
  const found = new Map<string, MadeRules>();
  // one after the other, and so are the commands of each: their bounds hold for one make
  const until = performance.now() + Math.max(ALL_SECONDS, timeLimit(0)) * 1000;
  for (const plugin of made) {
    const isOver = allowance.isSpent || performance.now() > until;
    const late = isOver ? `the Makefiles before it took too long; ${MORE_TIME}` : undefined;
    const not = why ?? late;
    // oxlint-disable-next-line no-await-in-loop
    found.set(plugin.plugin.dir, not === undefined ? await askOne(plugin, allowance) : { why: not });
  }
  return found;
}

async function missingSandbox(): Promise<string | undefined> {
  if (policy().choice === 'off') return undefined;
  const way = await findWay();
  return way.way === undefined
    ? `make runs what $(shell …) holds, and there is no sandbox (${way.why}; ${REMEDY}). --no-sandbox runs it as you`
    : undefined;
}

async function askOne({ plugin, sources }: PluginToCheck, allowance: Allowance): Promise<MadeRules> {
  const rules = sources.get(RULES);
  const words = shebangWords(rules === undefined ? '' : textOf(rules));
  if (typeof words === 'string') return { why: words, fails: true };
  const [program] = words;
  if (!existsSync(program)) return { why: `this machine has no ${program}` };
  const workspace = await openWorkspace(sources as ReadonlyMap<string, SourceFile>);
  try {
    const home = installedHome(plugin);
    const isExporting = [...sources.values()].some(
      (file) =>
        /^wazo\/rules$|\.mk$|(?:^|\/)(?:GNUm|M|m)akefile$/.test(file.path) && EXPORTS.test(textOf(file)),
    );
    const answers: MakeAnswer[] = [];
    for (const name of RULES_COMMANDS) {
      // the others read the same as one that came to no end
      if (answers.some(({ why }) => why !== undefined)) {
        answers.push({ name, status: 1, stdout: '', stderr: '', why: '' });
        continue;
      }
      // oxlint-disable-next-line no-await-in-loop
      const { answer, seconds } = await ask(workspace, words, name, { home, left: allowance.left });
      allowance.take(seconds);
      if (!isExporting || answer.status !== 0 || answer.why !== undefined) {
        answers.push(answer);
        continue;
      }
      // oxlint-disable-next-line no-await-in-loop
      const told = await ask(workspace, words, name, { home, left: allowance.left, environment: true });
      allowance.take(told.seconds);
      answers.push({ ...answer, exported: exportedIn(told.answer.stdout) });
    }
    return { answers };
  } catch (error) {
    return { why: messageOf(error) };
  } finally {
    workspace.remove();
  }
}

/** The words that the kernel makes of the first line; a sentence where they start nothing. Source: execve(2). */
function shebangWords(text: string): readonly [string, ...string[]] | string {
  const [first = ''] = text.split('\n', 1);
  const [, program = '', behind = ''] = /^#!\s*(\S+)([^]*)$/.exec(first) ?? [];
  const rest = behind.trim();
  const isSplit = rest.startsWith('-S ');
  if (program.endsWith('/env') && !isSplit && /\s/.test(rest))
    return `env looks for a program of the name "${rest}", so that each step fails; write #!/usr/bin/make -f`;
  const words = isSplit ? rest.slice(3).trim().split(/\s+/) : rest === '' ? [] : [rest];
  return [program, ...words];
}

/** A Makefile that hands variables to the commands of its recipes. */
const EXPORTS = /^(?:[^\r\n\u2028\u2029:=]*:)? *(?:override +)?export\b|\.EXPORT_ALL_VARIABLES/m;

/** Makes a prerequisite of a target, which has its variables: it tells its environment, and ends make. */
function tellsFor(target: string): string {
  const own = '.wdev-environment';
  return `${target}: ${own}\n.PHONY: ${own}\n${own}: ; +@printf '\\0'; env -0; exit 1`;
}

/** Variables that each program has. */
const OF_ALL =
  /^(?:_|PATH|HOME|TMPDIR|PWD|OLDPWD|SHLVL|SHELL|LANG|LANGUAGE|LC_\w+|TZ|PERL_\w+|SOURCE_DATE_EPOCH|MAKE\w*|MFLAGS|pkgdir)$/;

/** The environment that `tellsFor` has told; a value with letters that mean something to a shell counts as unknown. */
function exportedIn(stdout: string): ReadonlyMap<string, string> {
  const entries = stdout.split('\0').slice(1, -1);
  return new Map(
    entries.flatMap((entry): readonly (readonly [string, string])[] => {
      const [, name = '', value = ''] =
        /^([A-Za-z_]\w*)=((?:[\w@%+=:,./ -]|\$pkgdir|\$\{pkgdir\})*)$/.exec(entry) ?? [];
      return name === '' || OF_ALL.test(name) ? [] : [[name, value]];
    }),
  );
}

async function ask(
  { source }: Workspace,
  [program, ...given]: readonly [string, ...string[]],
  name: string,
  { home, left, environment }: { readonly home: string; readonly left: number; readonly environment?: true },
): Promise<{ readonly answer: MakeAnswer; readonly seconds: number }> {
  const isOnServer = name !== 'build' && name !== 'package';
  const file = isOnServer ? path.join(source, RULES) : RULES;
  const dry = [
    '-n',
    '--trace',
    '--print-directory',
    ...(environment === true ? [`--eval=${tellsFor(name)}`] : []),
  ];
  const words = program.endsWith('/env')
    ? [...given.slice(0, 1), ...dry, ...given.slice(1)]
    : [...dry, ...given];
  const {
    status,
    stdout,
    stderr,
    seconds: seen = 0,
  } = await runPlugin({
    command: bounded([program, ...words, file, name]),
    cwd: isOnServer ? '/' : source,
    writable: [],
    readable: [source],
    readsOnly: true,
    env: { pkgdir: PKGDIR, LC_ALL: 'C', MAKEFLAGS: undefined, MAKELEVEL: undefined, MAKEFILES: undefined },
    seconds: SECONDS,
    processorSeconds: left,
  });
  const clean = (text: string): string => asOnServer(text, source, isOnServer ? home : undefined);
  const { text, seconds, isSpent } = timesOf(stderr);
  const answer = { name, status, stdout: clean(stdout), stderr: clean(text) };
  const why = isSpent ? TOO_MUCH : cutOff(answer);
  return {
    answer: why === undefined ? answer : { ...answer, why },
    // a sandbox may end before the times of all in it are counted for us: what was seen, and what its shell says
    seconds: Math.max(seen, seconds),
  };
}

/** The words of make, and of the shells that it starts, where a bound is reached. */
const BEYOND: readonly (readonly [RegExp, string])[] = [
  [
    /^make: \*\*\* virtual memory exhausted|^MemoryError$|(?:Cannot allocate|Out of) memory/m,
    `it takes more than ${MEGABYTES} MB of memory in one process`,
  ],
  [/Resource temporarily unavailable$|[Cc]annot fork$/m, `it starts more than ${PROCESSES} processes`],
  [/Read-only file system/, 'it writes a file while it is read'],
  [/^File size limit exceeded/m, 'it writes a file of more than 64 MB'],
];

/** Why an answer is not all that make would say, in a few words; undefined when it is. */
function cutOff({ status, stdout, stderr }: MakeAnswer): string | undefined {
  if (status === 124) return lastLine(stderr);
  // ended by a signal: the kernel's, at the bound of processor time
  if (status > 128) return TOO_MUCH;
  return BEYOND.find(([words]) => words.test(stderr) || (status !== 0 && words.test(stdout)))?.[1];
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

/** Paths of the copy as a server has them, and those of the package below `$pkgdir`. */
function asOnServer(text: string, source: string, home: string | undefined): string {
  const isPlace = (line: string): boolean => line.startsWith(`${source}/`) && /^[^:]+:\d+: /.test(line);
  const places = text
    .split('\n')
    .map((line) => (isPlace(line) ? line.slice(source.length + 1) : line))
    .join('\n');
  const moved =
    home === undefined
      ? places.replaceAll(source, '.')
      : places.replaceAll(`${source}/wazo`, home).replaceAll(source, path.dirname(home));
  return moved
    .replaceAll(new RegExp(`${PKGDIR}(?=\\w)`, 'g'), '$${pkgdir}')
    .replaceAll(PKGDIR, () => '$pkgdir');
}
