import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MACHINE_FOLDER } from '../support/machines.ts';

/** Files below /etc/asterisk, by their path in it. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

export interface ReloadResult {
  /** The output of `dialplan reload`. */
  readonly output: string;
  /** The log lines since, without date and process. */
  readonly log: readonly string[];
}

const MODULES = `[modules]
autoload = yes
${[
  'pbx_ael',
  'pbx_lua',
  'pbx_dundi',
  'app_queue',
  'chan_iax2',
  'res_pjsip',
  'func_periodic_hook',
  'res_parking',
]
  .concat([
    'cdr_csv',
    'cdr_custom',
    'cdr_manager',
    'cdr_adaptive_odbc',
    'cdr_odbc',
    'cdr_radius',
    'cdr_pgsql',
  ])
  .concat([
    'cel_custom',
    'cel_manager',
    'cel_radius',
    'cel_pgsql',
    'cel_odbc',
    'cel_tds',
    'cdr_tds',
    'app_minivm',
  ])
  .map((name) => `noload = ${name}.so`)
  .join('\n')}
`;

/** A slow disk must not make Asterisk throw log lines away: it does so from 1,000 waiting ones on. */
const LOG_QUEUE = 'logger_queue_limit = 1000000';
/** Begins the name of a module that there is not: what Asterisk logs of it tells what came before. */
const MARK = 'wdev-mark';
const LOGGER = `[general]\n${LOG_QUEUE}\n[logfiles]\nmessages.log => notice,warning,error\n`;

/** A defect of Asterisk must not take the memory of the whole machine. */
const MEMORY_LIMIT = '[Service]\nLimitAS=4G\n';

/** Seconds for which a caller stays behind the answer: a busy machine starts programs slowly. */
const CALLER_WAITS = 30;

const CONFIG_FOLDERS = ['extensions.d', 'extensions_extra.d', 'more'];

/** A real Asterisk in a throw-away container, laid over `root`; nothing is written into `root`. */
export class AsteriskStack {
  private readonly folder: string;
  private container: ChildProcess | undefined;
  private leader = '';
  private lower = '';
  private marks = 0;

  constructor() {
    this.folder = mkdtempSync(path.join(tmpdir(), `${MACHINE_FOLDER}${process.pid}-`));
  }

  private get root(): string {
    return path.join(this.folder, 'm');
  }

  get configFolder(): string {
    return path.join(this.root, 'etc/asterisk');
  }

  private get logFile(): string {
    return path.join(this.root, 'var/log/asterisk/messages.log');
  }

  async start(lower: string): Promise<void> {
    this.lower = lower;
    for (const name of ['upper', 'work', 'm']) mkdirSync(path.join(this.folder, name));
    const layers = `lowerdir=${lower},upperdir=${this.folder}/upper,workdir=${this.folder}/work`;
    execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', layers, this.root]);
    // sshd is not needed here, and its port could be taken
    rmSync(path.join(this.root, 'etc/systemd/system/multi-user.target.wants/ssh.service'), { force: true });
    writeFileSync(path.join(this.configFolder, 'modules.conf'), MODULES);
    writeFileSync(path.join(this.configFolder, 'logger.conf'), LOGGER);
    const unit = path.join(this.root, 'etc/systemd/system/asterisk.service.d');
    mkdirSync(unit, { recursive: true });
    writeFileSync(path.join(unit, 'limit.conf'), MEMORY_LIMIT);
    this.put({ 'extensions.conf': '[empty]\n' });
    const options = ['--register=no', '--keep-unit', '-q', '-D', this.root, '--boot', '--private-users=no'];
    this.container = spawn(
      'systemd-nspawn',
      [...options, '--console=pipe', '-M', path.basename(this.folder)],
      {
        env: { ...process.env, SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: '1' },
        stdio: 'ignore',
        detached: true,
      },
    );
    await this.waitUntilBooted();
  }

  private async waitUntilBooted(): Promise<void> {
    for (let tries = 0; tries < 9000; tries++) {
      await sleep(100);
      try {
        this.leader ||=
          execFileSync('pgrep', ['-P', String(this.container?.pid)])
            .toString()
            .split('\n')[0] ?? '';
        if (this.rx('core waitfullybooted').includes('fully booted')) return;
      } catch {
        // not there yet; the first child of nspawn makes the machine's own, and goes
        this.leader = '';
      }
    }
    throw new Error('Asterisk did not boot within 15 minutes');
  }

  exec(command: readonly string[]): Buffer {
    const enter = ['-t', this.leader, '-m', '-u', '-i', '-p', '--'];
    return execFileSync('nsenter', [...enter, ...command], {
      maxBuffer: 1 << 30,
      timeout: 600_000,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  rx(command: string): string {
    return this.exec(['asterisk', '-rx', command]).toString();
  }

  /** Replaces the dialplan's files; the rest of /etc/asterisk stays. */
  put(files: Files): void {
    for (const folder of CONFIG_FOLDERS) {
      rmSync(path.join(this.configFolder, folder), { recursive: true, force: true });
      mkdirSync(path.join(this.configFolder, folder));
    }
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(this.configFolder, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
  }

  /** Puts a program into the container; returns its path out here. */
  putProgram(name: string, text: string): string {
    const file = path.join(this.root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text, { mode: 0o755 });
    return file;
  }

  reload(files: Files): ReloadResult {
    this.put(files);
    return this.logged('dialplan reload');
  }

  /** A new instance in the place of one whose Asterisk has died. */
  async renew(): Promise<void> {
    // SIGTERM would wait for an Asterisk that hangs; without its first process the container is gone
    if (this.leader !== '') spawnSync('kill', ['-KILL', this.leader]);
    await this.end();
    this.leader = '';
    await this.start(this.lower);
  }

  /** Runs a command and returns what was logged meanwhile. */
  logged(command: string): ReloadResult {
    const before = statSync(this.logFile).size;
    const output = this.rx(command);
    return { output, log: this.logUntilMark(before) };
  }

  /**
   * The log up to now. Asterisk's logger writes in a thread of its own, in order: so a line that is asked
   * for now stands behind all that was logged before.
   */
  private logUntilMark(position: number): string[] {
    this.marks += 1;
    const mark = `${MARK}-${this.marks}.so`;
    this.rx(`module load ${mark}`);
    for (let tries = 0; tries < 30_000; tries++) {
      const lines = this.logSince(position);
      const at = lines.findIndex((line) => line.includes(mark));
      if (at >= 0) return lines.slice(0, at).filter((line) => !line.includes(MARK));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
    throw new Error(`Asterisk did not log ${mark} within 5 minutes`);
  }

  private logSince(position: number): string[] {
    const file = openSync(this.logFile, 'r');
    const bytes = Buffer.alloc(fstatSync(file).size - position);
    readSync(file, bytes, 0, bytes.length, position);
    closeSync(file);
    return bytes
      .toString()
      .split('\n')
      .filter((line) => line !== '');
  }

  /** From now on, what calls run through is written down. */
  startTrace(): void {
    const files = 'messages.log => notice,warning,error\ntrace.log => verbose(5)\n';
    writeFileSync(
      path.join(this.configFolder, 'logger.conf'),
      `[general]\n${LOG_QUEUE}\n[logfiles]\n${files}`,
    );
    this.rx('logger reload');
    this.rx('core set verbose 5');
  }

  /**
   * Calls `extension@context` places, one after the other.
   * @returns for each call the applications in their order: `[s@context:1] NoOp(data)`
   */
  async runCalls(places: readonly string[]): Promise<string[][]> {
    // a call that goes on behind its answer is over when its caller hangs up
    for (const place of places)
      this.rx(`channel originate Local/${place}/n application Wait ${CALLER_WAITS}`);
    await this.untilQuiet();
    const log = this.traced();
    return places.map((place) =>
      [...log.matchAll(/Executing \[([^\]]*)\] (\w+)\("Local\/([^"]*?)-\w+;2", "(.*)"\) in new stack/g)]
        .filter((match) => match[3] === place)
        .map((match) => `[${match[1]}] ${match[2]}(${match[4]})`),
    );
  }

  /** Calls one place, and waits until all of its channels are gone; the caller hangs up after some seconds. */
  async call(place: string, seconds: number): Promise<void> {
    this.rx(`channel originate Local/${place}/n application Wait ${seconds}`);
    await this.untilQuiet();
  }

  private async untilQuiet(): Promise<void> {
    const isQuiet = (): boolean => this.rx('core show channels count').startsWith('0 active channels');
    for (let tries = 0; !isQuiet(); tries++) {
      if (tries === 3000) throw new Error('there are calls still after 5 minutes');
      await sleep(100);
    }
  }

  /** The log of what calls ran since startTrace(). */
  traced(): string {
    // all that was logged before is in both files then
    this.logUntilMark(statSync(this.logFile).size);
    return readFileSync(path.join(this.root, 'var/log/asterisk/trace.log'), 'utf8');
  }

  /** Moves the machine to a time zone where it is that hour; Asterisk sees it after a restart. */
  setHour(hour: number): void {
    const east = ((hour - new Date().getUTCHours() + 36) % 24) - 12;
    const file = path.join(this.root, 'etc/localtime');
    rmSync(file, { force: true });
    // the names of these zones count to the west
    symlinkSync(`/usr/share/zoneinfo/Etc/GMT${east > 0 ? '-' : '+'}${Math.abs(east)}`, file);
  }

  /** Restarts Asterisk and returns what it logged. */
  restart(): ReloadResult {
    const before = statSync(this.logFile).size;
    this.exec(['systemctl', 'restart', 'asterisk']);
    const output = this.rx('core waitfullybooted');
    return { output, log: this.logUntilMark(before) };
  }

  async stop(): Promise<void> {
    await this.end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async end(): Promise<void> {
    const container = this.container;
    if (container?.pid === undefined) return;
    if (container.exitCode === null && container.signalCode === null) {
      const ended = new Promise((resolve) => container.once('exit', resolve));
      process.kill(container.pid, 'SIGTERM');
      await Promise.race([ended, sleep(10_000)]);
    }
    // an init whose nspawn was killed lives on, and holds inotify instances of the whole machine
    if (this.leader !== '') spawnSync('kill', ['-KILL', this.leader]);
    for (let tries = 0; ; tries++) {
      try {
        execFileSync('umount', [this.root], { stdio: 'ignore' });
        break;
      } catch (error) {
        if (tries === 50) throw error;
        await sleep(100);
      }
    }
    for (const name of ['upper', 'work', 'm']) rmSync(path.join(this.folder, name), { recursive: true });
  }
}
