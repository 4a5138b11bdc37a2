import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../support/paths.ts';
import { filesBelow, stackLayout, writeLayout } from '../layout.ts';

/** An Asterisk-shaped folder with stand-ins behind it; needs no root and no download. */
export interface EmbeddedStack {
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

/** Makes the folder of a stack when it is not there; what is in it stays. */
export function makeFolder(stack: EmbeddedStack, settings: { confgendPort: number; python: string }): void {
  if (existsSync(path.join(stack.run, 'services'))) return;
  mkdirSync(stack.folder, { recursive: true, mode: 0o700 });
  writeFileSync(path.join(stack.folder, '.gitignore'), '*\n');
  for (const folder of FOLDERS) mkdirSync(path.join(stack.root, folder), { recursive: true });
  writeLayout(stack.root, stackLayout());
  const client = path.join(stack.root, 'etc/wazo-confgend-client/config.conf');
  writeFileSync(client, `[confgen]\nserver = 127.0.0.1\nport = ${settings.confgendPort}\ntimeout = 5\n`);
  const shims = path.join(packageRoot(), 'src/stack/assets/embedded');
  writeLayout(stack.folder, filesBelow(shims));
  mkdirSync(stack.run, { recursive: true });
  writeFileSync(path.join(stack.run, 'python'), `${settings.python}\n`);
  mkdirSync(path.join(stack.run, 'services'));
  chmodSync(stack.folder, 0o700);
}
