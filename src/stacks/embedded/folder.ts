import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../support/paths.ts';
import { filesBelow, layoutHash, stackLayout, writeLayout, type LayoutFile } from '../layout.ts';
import { makeFolders } from '../../support/make-folders.ts';

/** An Asterisk-shaped folder with stand-ins behind it; needs no root and no download. */
export interface EmbeddedStack {
  /** Folder of the project that it belongs to. */
  readonly project: string;
  /** The stack's own folder: `.wdev/stack` of the project. */
  readonly folder: string;
  /** Stands for `/`: prefix of every installed path. */
  readonly root: string;
  /** Programs that stand for the system's: asterisk, systemctl, wazo-confgen. */
  readonly bin: string;
  /** State, pipes and records of the stand-ins. */
  readonly run: string;
}

/** Where the embedded stack of a project lies, whether or not it is there. */
export function embeddedStack(project: string): EmbeddedStack {
  const folder = path.join(path.resolve(project), '.wdev/stack');
  return {
    project,
    folder,
    root: path.join(folder, 'root'),
    bin: path.join(folder, 'bin'),
    run: path.join(folder, 'run'),
  };
}

/** Folders that packages and services expect on every machine. */
const FOLDERS = [
  'etc/systemd/system',
  'etc/wazo-confgend/conf.d',
  'usr/bin',
  'usr/lib/python3/dist-packages',
  'var/cache/wazo-confgend',
  'var/lib',
  'var/log/asterisk',
];

/** Makes the folder of a stack with the stock files. What a plugin put there before stays. */
export function makeFolder(stack: EmbeddedStack, settings: { confgendPort: number; python: string }): void {
  makeFolders(stack.folder, 0o700);
  writeFileSync(path.join(stack.folder, '.gitignore'), '*\n');
  for (const folder of FOLDERS) makeFolders(path.join(stack.root, folder));
  writeLayout(stack.root, stackLayout());
  const client = path.join(stack.root, 'etc/wazo-confgend-client/config.conf');
  writeFileSync(client, `[confgen]\nserver = 127.0.0.1\nport = ${settings.confgendPort}\ntimeout = 5\n`);
  makeFolders(stack.run);
  writeFileSync(path.join(stack.run, 'python'), `${settings.python}\n`);
  // last: its presence says that the folder is complete
  mkdirSync(path.join(stack.run, 'services'));
}

/** Writes the programs that stand for the system's, as this version of wdev has them. */
export function writePrograms(stack: EmbeddedStack): void {
  writeLayout(stack.folder, shims());
  writeLayout(
    stack.root,
    stackLayout().filter((file) => file.path.startsWith('usr/bin/')),
  );
}

function shims(): LayoutFile[] {
  return filesBelow(path.join(packageRoot(), 'src/stacks/assets/embedded'));
}

/** A text that changes with the programs of the stack and with the console that answers behind them. */
export function embeddedVersion(daemon: string): string {
  return `${layoutHash(shims())} ${daemon} ${statSync(daemon).mtimeMs}\n`;
}

/** The script that starts the console, here and when `bin/asterisk` wakes one that went to sleep. */
export function writeWake(stack: EmbeddedStack, command: readonly string[]): void {
  const quote = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;
  writeFileSync(
    path.join(stack.run, 'wake'),
    `cd / || exit 1
run=${quote(stack.run)}
. "$run/../libexec/alive"
reachable() {
  read -r pid <"$run/console.pid" && alive "$pid"
} 2>/dev/null
if reachable; then exit 0; fi
# a session of its own: what ends a command with its whole group (timeout, a CI job) leaves the stack
session=$(command -v setsid) || session=
$session ${command.map((word) => quote(word)).join(' ')} </dev/null >>"$run/console.out" 2>&1 &
started=$!
tries=0
while ! reachable && [ $tries -lt 12000 ]; do
  # of several that start at once, one gets the lock and the others end
  alive $started || [ -e "$run/console.lock" ] || exit 1
  tries=$((tries + 1))
  sleep 0.01
done
`,
  );
}
