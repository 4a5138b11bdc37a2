import { rulesOf } from '../git/sources.ts';
import type { BuiltPackage } from '../package/build.ts';
import { installedHome } from '../wazo/names.ts';
import type { Finding } from '../findings/finding.ts';
import { quoteAll } from '../support/quote.ts';
import { dpkg, type DpkgRun } from './dpkg.ts';
import { differenceFinding, rulesFinding } from './judge.ts';
import { HERE, type Machine, type WatchedCall } from './machine.ts';
import { makeVariant } from './packages.ts';
import { forceAway } from './phases.ts';
import { branchLine } from '../readers/shell/rules-text.ts';
import { compareSnapshots, since, type Snapshot } from './snapshot.ts';
import { during } from '../support/doing.ts';

/** The operation that the fault strikes. */
type Operation = 'install' | 'upgrade' | 'remove';

/** One thing that goes wrong once. */
interface Fault {
  readonly name: string;
  readonly during: Operation;
  /** Shell code that arms it. */
  readonly arm: string;
  /** Whether the run shows that the fault struck. */
  readonly struck: (run: DpkgRun) => boolean;
  /** Shell code that takes away what is left of it. */
  readonly disarm?: string;
  /** Line of rules, when one command of theirs fails. */
  readonly line?: number;
}

export interface FaultOptions {
  readonly signal: AbortSignal;
  /** Gives a machine as new in place of one. */
  readonly fresh: (old: Machine) => Promise<Machine>;
  readonly report: (
    fault: string,
    ok: boolean,
    ms: number,
    findings: readonly Finding[],
    output: string,
  ) => void;
}

const BRANCH = { install: 'install', upgrade: 'install', remove: 'uninstall' } as const;

/** The shim's output in place of a program. */
const MADE_TO_FAIL = 'made to fail by wdev rehearse';

/** At most so many commands of rules are made to fail. */
const MOST = 40;

/**
 * Makes each step of the package's life fail once, and requires the next run of the same operation to reach
 * the tree that an undisturbed run reaches. Gives back `N/N recovered`.
 */
export async function rehearseFaults(
  machine: Machine,
  built: BuiltPackage,
  options: FaultOptions,
): Promise<string> {
  const trial = new Trial(built, machine, options);
  await trial.prepare();
  const faults = [...scriptFaults(), ...crashFaults(built), ...(await trial.commandFaults())];
  let recovered = 0;
  let tried = 0;
  await during('trying faults', async (say) => {
    for (const [at, fault] of faults.entries()) {
      if (options.signal.aborted) break;
      say([at + 1, faults.length]);
      const outcome = await during(fault.name, async () => await trial.strike(fault));
      if (outcome !== undefined) tried += 1;
      if (outcome === true) recovered += 1;
    }
  });
  return `${recovered}/${tried} recovered`;
}

/** Each maintainer script, in each operation that calls it. */
function scriptFaults(): readonly Fault[] {
  const calls: readonly (readonly [Operation, string])[] = [
    ['install', 'postinst'],
    ['upgrade', 'prerm'],
    ['upgrade', 'postrm'],
    ['upgrade', 'postinst'],
    ['remove', 'prerm'],
    ['remove', 'postrm'],
  ];
  return calls.flatMap(([during, script]): readonly Fault[] => {
    return [
      {
        name: `${script} fails during ${during}`,
        during,
        arm: `touch ${HERE}/fail-${script}`,
        struck: ({ scripts }) => scripts.some((call) => call.script === script && call.status !== 0),
      },
      {
        name: `dpkg is killed in ${script} during ${during}`,
        during,
        arm: `touch ${HERE}/kill-${script}`,
        struck: isKilled,
      },
    ];
  });
}

/** dpkg ends without a word of its own. */
function isKilled({ status, output }: DpkgRun): boolean {
  return status !== 0 && !/^dpkg: error|^Errors were encountered/m.test(output);
}

/** A full disk, and dpkg killed while it unpacks. */
function crashFaults({ metadata }: BuiltPackage): readonly Fault[] {
  const home = installedHome(metadata);
  const full = `mkdir -p ${home}; mount -t tmpfs -o size=4k,nr_inodes=2 tmpfs ${home}`;
  return (['install', 'upgrade'] as const).flatMap((during): readonly Fault[] => [
    {
      name: `the disk is full during ${during}`,
      during,
      struck: ({ status, output }) => status !== 0 && /no space left/i.test(output),
      arm: during === 'install' ? full : fullOver(home),
      disarm: `umount ${home}`,
    },
    {
      name: `dpkg is killed while it unpacks during ${during}`,
      during,
      arm: killedUnpacking(home),
      struck: isKilled,
    },
  ]);
}

/**
 * dpkg reads the files of a package from its own dpkg-deb: of this one they come without the end, so none has its name
 * yet when dpkg is killed.
 */
function killedUnpacking(home: string): string {
  return `mkdir -p ${HERE}/half; cat >${HERE}/half/dpkg-deb <<'END'
#!/bin/sh
PATH=/usr/sbin:/usr/bin:/sbin:/bin
[ "$1" = --fsys-tarfile ] || exec dpkg-deb "$@"
dpkg-deb "$@" | head -c -1024
until [ -e ${home}/wazo/plugin.yml.dpkg-new ] || [ -e ${home}/wazo/rules.dpkg-new ]; do
    kill -0 $PPID || exit 1
    sleep 0.02
done
kill -9 $PPID
END
chmod 755 ${HERE}/half/dpkg-deb; PATH=${HERE}/half:$PATH`;
}

/** A full disk with the files that are there already. */
function fullOver(home: string): string {
  const copy = `${HERE}/full`;
  return `mkdir -p ${copy}; cp -a ${home}/. ${copy}/; mount -t tmpfs -o size=64k,mode=755 tmpfs ${home}; cp -a ${copy}/. ${home}/; rm -rf ${copy}; cat /dev/zero > ${home}/filler 2>/dev/null`;
}

/** One machine with a package whose steps can be made to fail. */
class Trial {
  readonly #built: BuiltPackage;
  readonly #options: FaultOptions;
  #machine: Machine;
  #start: Snapshot = new Map();
  #goals: Record<Operation, Snapshot> = { install: new Map(), upgrade: new Map(), remove: new Map() };
  #calls: Record<Operation, readonly WatchedCall[]> = { install: [], upgrade: [], remove: [] };

  constructor(built: BuiltPackage, machine: Machine, options: FaultOptions) {
    this.#built = built;
    this.#machine = machine;
    this.#options = options;
  }

  /** Runs every operation undisturbed, for the trees to compare with and the commands that rules call. */
  async prepare(): Promise<void> {
    this.#machine = await this.#options.fresh(this.#machine);
    await this.#furnish();
    for (const operation of ['install', 'upgrade', 'remove'] as const) {
      await this.#operate(operation);
      this.#calls[operation] = await this.#machine.calls();
      this.#goals[operation] = since(this.#start, this.#machine.snapshot());
    }
    await forceAway(this.#machine, this.#built);
  }

  async #furnish(): Promise<void> {
    const first = await makeVariant(this.#built, { faulty: true });
    const next = await makeVariant(this.#built, { faulty: true, next: { changed: [] } });
    this.#machine.put(`${HERE}/first.deb`, first.bytes);
    this.#machine.put(`${HERE}/next.deb`, next.bytes);
    await this.#machine.watch(programsOf(this.#built), []);
    this.#start = this.#machine.snapshot();
  }

  /** Each call of a program by rules, once for a line and an operation. */
  async commandFaults(): Promise<readonly Fault[]> {
    const found = new Map<string, Fault>();
    for (const during of ['install', 'remove'] as const) {
      for (const { count, command, line } of this.#calls[during]) {
        if (line === undefined) continue;
        const key = `${during} ${line} ${command.split(' ')[0]}`;
        if (found.has(key) || found.size >= MOST) continue;
        const name = `\`${command}\` fails during ${during} (wazo/rules:${line})`;
        const struck = ({ output }: DpkgRun): boolean => output.includes(MADE_TO_FAIL);
        found.set(key, { name, during, line, struck, arm: `echo ${count} > ${HERE}/fail-call` });
      }
    }
    return [...found.values()];
  }

  /** Whether the next run recovered; undefined when the fault could not be caused. */
  async strike(fault: Fault): Promise<boolean | undefined> {
    const begin = performance.now();
    const struck = await this.#bringAbout(fault);
    if (struck === undefined) return undefined;
    const again = await this.#operate(fault.during);
    const differences = compareSnapshots(
      this.#goals[fault.during],
      since(this.#start, this.#machine.snapshot()),
    );
    const installed = fault.during === 'remove' || (await this.#isInstalled());
    const ok =
      differences.length === 0 && installed && !(fault.during === 'remove' && (await this.#isInstalled()));
    const sentence = `After a failure (${fault.name}), the next ${fault.during} ends in a different state`;
    const findings = ok
      ? []
      : differences.length > 0
        ? withLine(
            differenceFinding(
              this.#built,
              'rehearse-not-recovered',
              BRANCH[fault.during],
              sentence,
              differences,
            ),
            fault.line,
          )
        : [this.#stuck(sentence, fault, again)];
    this.#options.report(fault.name, ok, performance.now() - begin, findings, struck.output);
    await this.#reset();
    return ok;
  }

  async #bringAbout(fault: Fault): Promise<DpkgRun | undefined> {
    await this.#bringTo(fault.during);
    const run = await this.#operate(fault.during, fault.arm);
    await this.#machine.sh(`${fault.disarm ?? ':'}; rm -f ${HERE}/fail-* ${HERE}/kill-*`);
    if (fault.struck(run)) return run;
    await this.#reset();
    return undefined;
  }

  #stuck(sentence: string, fault: Fault, again: DpkgRun): Finding {
    const line = fault.line ?? branchLine(rulesOf(this.#built.sources), BRANCH[fault.during]);
    return rulesFinding('rehearse-not-recovered', 'error', sentence, line, again.output || undefined);
  }

  async #operate(operation: Operation, before = ''): Promise<DpkgRun> {
    const words = {
      install: `-i ${HERE}/first.deb`,
      upgrade: `-i ${HERE}/next.deb`,
      remove: `-r ${this.#built.name}`,
    };
    // no server starts a unit so often within seconds, so the limit of systemd must not count here
    const ready = `systemctl reset-failed; rm -f ${HERE}/calls ${HERE}/count`;
    return await dpkg(this.#machine, words[operation], `${ready}\n${before}`);
  }

  async #bringTo(operation: Operation): Promise<void> {
    if (operation !== 'install') await this.#operate('install');
    // what is removed is the upgraded package, as in the undisturbed run
    if (operation === 'remove') await this.#operate('upgrade');
  }

  async #isInstalled(): Promise<boolean> {
    const { stdout } = await this.#machine.sh(`dpkg-query -W -f '\${db:Status-Abbrev}' ${this.#built.name}`);
    return stdout.startsWith('ii');
  }

  /** Back to the start; on another machine when something stays. */
  async #reset(): Promise<void> {
    await forceAway(this.#machine, this.#built);
    const left = compareSnapshots(this.#start, this.#machine.snapshot());
    if (left.every(({ how }) => how === 'added')) {
      if (left.length > 0) await this.#machine.sh(`rm -rf ${quoteAll(left.map(({ path }) => path))}`);
      return;
    }
    this.#machine = await this.#options.fresh(this.#machine);
    await this.#furnish();
  }
}

function withLine(findings: readonly Finding[], line: number | undefined): readonly Finding[] {
  return line === undefined ? findings : findings.map((finding) => ({ ...finding, line }));
}

/** Words of rules that may be programs; what is none on the machine is never called. */
function programsOf(built: BuiltPackage): readonly string[] {
  const rules = built.sources.get('wazo/rules')?.bytes.toString('utf8') ?? '';
  const own = new Set(['sh', 'bash', 'cat', 'echo', 'env', 'test', 'true', 'false', 'printf']);
  const words = rules.match(/(?<![\w./$-])[a-z][a-z0-9_.+-]*(?![\w/=.-])/g) ?? [];
  return [...new Set(words)].filter((word) => !own.has(word));
}
