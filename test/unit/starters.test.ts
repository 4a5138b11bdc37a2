import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/commands/registry.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { startedPrograms } from '../support/started-programs.ts';

/** Files that start programs → the row of SECURITY.md that says which, where, and with which rights. */
const STARTERS: Readonly<Record<string, string>> = {
  'git/start.ts': '`git`',
  'readers/python/interpreters.ts': 'a Python, `shellcheck`',
  'readers/python/python-process.ts': 'a Python, `shellcheck`',
  'readers/shell/shellcheck.ts': 'a Python, `shellcheck`',
  'templates/lint-files.ts': 'a Python, `shellcheck`',
  'sandbox/python.ts': 'a Python, `shellcheck`',
  'package/package-steps.ts': '`wazo/rules build` and `package`',
  'stage/stage.ts': '`wazo/rules build` and `package`',
  'stage/trace.ts': '`wazo/rules build` and `package`',
  'stage/ask-make.ts': 'a `wazo/rules` that is a Makefile',
  'own-tests/run.ts': "a plugin's own tests",
  'stacks/debian-root.ts': 'tools of another Debian',
  'preview/interpreter.ts': 'a confgend driver',
  'simulate/simulation.ts': 'a call-logger plugin',
  'simulate/agi/replay.ts': 'an AGI handler',
  'simulate/agi/trace-script.ts': 'an AGI handler',
  'stacks/embedded.ts': 'drivers and call loggers on the embedded stack',
  'stacks/embedded/drivers.ts': 'drivers and call loggers on the embedded stack',
  'stacks/embedded/exec-include.ts': 'drivers and call loggers on the embedded stack',
  'stacks/real/access.ts': 'a disposable machine',
  'stacks/real/boot.ts': 'a disposable machine',
  'stacks/real/mounts.ts': 'a disposable machine',
  'stacks/real/network.ts': 'a disposable machine',
  'stacks/real/proxies.ts': 'a disposable machine',
  'stacks/wazo/repository.ts': 'a disposable machine',
  'stacks/real/debstrap.ts': 'a disposable machine',
  'stacks/real/cache.ts': 'a disposable machine',
  'stacks/snapshots.ts': 'a disposable machine',
  'stacks/wazo/layer.ts': 'a disposable machine',
  'rehearse/machine.ts': 'a disposable machine',
  'rehearse/packages.ts': 'a disposable machine',
  'targets/open.ts': 'the shell of a target',
  'targets/shell.ts': 'the shell of a target',
  'loop/hooks.ts': 'hooks of `wdev.yml`',
  'templates/trust.ts': 'commands of a template',
  'templates/fetch-npm.ts': '`npm pack`',
  'fleet/folder.ts': 'Ansible, aptly and gpg',
  'fleet/inventory.ts': 'Ansible, aptly and gpg',
  'targets/token.ts': 'a program that you name',
  'fleet/roll.ts': 'Ansible, aptly and gpg',
  'fleet/status.ts': 'Ansible, aptly and gpg',
  'stacks/foreground.ts': 'a program that you name',
  'tour/workbench.ts': 'a program that you name',
  'guide/recordings.ts': 'wdev itself',
  'stage/clear-later.ts': '`rm` of temporary files',
  'support/browser.ts': 'your browser',
};

/** Modules that start programs for all the others, and know of none. */
const MEANS = [
  'support/run.ts',
  'support/run-lines.ts',
  'support/spawn.ts',
  'support/line-process.ts',
  'sandbox/run.ts',
  'sandbox/way.ts',
];

/** The only files that know how a process is made. */
const MAKERS = [
  'stacks/embedded/exec-include.ts',
  'stacks/foreground.ts',
  'stacks/real/boot.ts',
  'stacks/real/network.ts',
  'stage/clear-later.ts',
  'support/line-process.ts',
  'support/run-lines.ts',
  'support/run.ts',
  'support/spawn.ts',
  'targets/shell.ts',
];

const SRC = path.join(packageRoot(), 'src');
const FILES = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const TEXTS = new Map(
  FILES.map((file) => [
    file,
    readFileSync(path.join(SRC, file), 'utf8').replaceAll(/^import type .*?;$/gms, ''),
  ]),
);

const STARTS =
  /import \{[^}]*\b(?:run|runLines|runToEnd|spawn|spawnSync|LineProcess|runInForeground|runPlugin|startPlugin|preparePlugin|askInterpreter)\b[^}]*\} from/;

function isOfSandbox(file: string): boolean {
  return /\b(?:runPlugin|startPlugin|preparePlugin)\(/.test(TEXTS.get(file) ?? '');
}

/** The files that a file imports, also later, and those that these import. */
function reached(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, from = ''] of (TEXTS.get(file) ?? '').matchAll(/(?:from|import\()\s*'(\.[^']+)'/g))
    reached(path.relative(SRC, path.resolve(SRC, path.dirname(file), from)), seen);
  return seen;
}

const SHOWN = COMMANDS.filter(({ hidden }) => hidden !== true).map(({ name }) => name);

const REACHED = new Map(SHOWN.map((name) => [name, reached(`commands/${name}.ts`)]));

/** The commands that come to one of these files. */
function commandsOf(files: readonly string[]): readonly string[] {
  return SHOWN.filter((name) => files.some((file) => REACHED.get(name)?.has(file))).sort();
}

/** The shells of targets are named there, and started by targets/shell.ts. */
const SHELLS: Readonly<Record<string, readonly string[]>> = { 'the shell of a target': ['targets/open.ts'] };

interface Row {
  readonly what: string;
  /** Of those that stand in the sources by their names. */
  readonly programs: readonly string[];
  readonly by: readonly string[];
  readonly where: string;
  readonly rights: string;
}

/** The table of SECURITY.md. */
function rows(): readonly Row[] {
  const text = readFileSync(path.join(packageRoot(), 'SECURITY.md'), 'utf8');
  const lines = text.split('\n').filter((line) => line.startsWith('| ') && !/^\| (?:what runs|-)/.test(line));
  return lines.map((line) => {
    const [, what = '', programs = '', by = '', where = '', rights = ''] = line
      .split('|')
      .map((cell) => cell.trim());
    return { what, programs: namesIn(programs), by: namesIn(by), where, rights };
  });
}

function namesIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`([\w.-]+)`/g)].map(([, name = '']) => name).sort();
}

describe('SECURITY.md', () => {
  it('names the programs, as they stand in what starts them', () => {
    const derived = [...new Set(Object.values(STARTERS))].map((what) => {
      const files = Object.keys(STARTERS).filter((file) => STARTERS[file] === what);
      const all = [...files, ...(SHELLS[what] ?? [])].flatMap((file) =>
        startedPrograms(path.join(SRC, file)),
      );
      // of wdev's own commands the program is wdev
      const programs = all.filter((word) => !COMMANDS.some(({ name }) => name === word));
      return [what, [...new Set(programs)].sort()];
    });
    expect(Object.fromEntries(rows().map(({ what, programs }) => [what, programs]))).toEqual(
      Object.fromEntries(derived),
    );
  });

  it('has a row for each program that is started, with the commands that may start it', () => {
    const derived = Object.fromEntries(
      [...new Set(Object.values(STARTERS))].map((what) => [
        what,
        commandsOf(Object.keys(STARTERS).filter((file) => STARTERS[file] === what)),
      ]),
    );
    expect(Object.fromEntries(rows().map(({ what, by }) => [what, by]))).toEqual(derived);
  });

  it('says of each sandbox whether it has the network, and where nothing can be written', () => {
    for (const { what, rights, where } of rows().filter((row) => row.where.includes('in the sandbox'))) {
      const files = Object.keys(STARTERS).filter((file) => STARTERS[file] === what && isOfSandbox(file));
      // a view of the machine may come from a file of its own
      const views = files.flatMap((file) => [
        TEXTS.get(file) ?? '',
        ...[...(TEXTS.get(file) ?? '').matchAll(/from '(\.[^']*view\.ts)'/g)].map(
          ([, from = '']) => TEXTS.get(path.join(path.dirname(file), from)) ?? '',
        ),
      ]);
      const has = (text: RegExp): boolean => views.some((view) => text.test(view));
      expect([what, /without the network/.test(rights)]).toEqual([what, !has(/network: true/)]);
      expect([what, /with the network/.test(rights)]).toEqual([what, has(/network: true/)]);
      expect([what, /read-only/.test(where)]).toEqual([what, has(/readsOnly: true/)]);
    }
  });

  it('names the sandbox for what runs in it, and for nothing else', () => {
    for (const { what, where } of rows()) {
      const files = Object.keys(STARTERS).filter((file) => STARTERS[file] === what);
      expect([what, where.includes('in the sandbox')]).toEqual([what, files.some(isOfSandbox)]);
    }
  });
});

describe('a program is started', () => {
  it('by files that a row of SECURITY.md stands for, and by no others', () => {
    const found = FILES.filter((file) => STARTS.test(TEXTS.get(file) ?? '') && !MEANS.includes(file));
    expect(found.sort()).toEqual(Object.keys(STARTERS).sort());
  });

  it('by nothing that makes a process itself, with few exceptions', () => {
    const makers = FILES.filter((file) => /'(?:node:)?child_process'|'execa'/.test(TEXTS.get(file) ?? ''));
    expect(makers.sort()).toEqual(MAKERS);
  });

  it('as the person wants it, by each command that comes to the sandbox', () => {
    const wanted = commandsOf(['sandbox/run.ts']);
    const heeding = SHOWN.filter((name) =>
      /\b(?:(?:runs|mayRun)Programs|heedsSandbox)\(\w+\)/.test(TEXTS.get(`commands/${name}.ts`) ?? ''),
    );
    expect(heeding.sort()).toEqual(wanted);
  });
});
