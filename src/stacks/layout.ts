import { createHash } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../support/paths.ts';
import { readBytes } from '../support/read-file.ts';
import { makeFolders } from '../support/make-folders.ts';

/**
 * Settings of Asterisk that live in `/etc/asterisk/NAME.d` on a Wazo server, with a `NAME.conf` that only
 * includes that folder (wazo-asterisk-config, layout of /etc/asterisk).
 */
const FOLDERS: readonly string[] =
  `acl agents alsa amqp ari ccss cdr cel cel_odbc chan_dahdi codecs confbridge dundi enum extconfig extensions
  features hep http iax iaxprov indications logger manager musiconhold oss pbxconfig pjsip pjsip_notify privacy
  queuerules queues queueskillrules queueskills res_fax res_odbc res_parking resolver_unbound rtp sccp sip
  sip_notify smdi stasis_amqp udptl voicemail`.split(/\s+/);

/** A file of the stock layout; `path` is relative to the root of the stack. */
export interface LayoutFile {
  readonly path: string;
  readonly content: Buffer;
}

/** The stock files of a stack: Asterisk's configuration as Wazo lays it out, and the stand-ins of services. */
export function stackLayout(): readonly LayoutFile[] {
  const assets = path.join(packageRoot(), 'src/stacks/assets');
  const files = ['asterisk', 'confgend', 'call-logger'].flatMap((part) =>
    filesBelow(path.join(assets, part)),
  );
  const known = new Set(files.map((file) => file.path));
  for (const name of FOLDERS) {
    add(files, `etc/asterisk/${name}.conf`, `#include ${name}.d/*.conf\n`);
    if (known.has(`etc/asterisk/${name}.d/99-general.conf`)) continue;
    const stock = `etc/asterisk/${name}.d/01-wazo.conf`;
    if (!known.has(stock)) add(files, stock, '; Nothing is set here; the include needs a file.\n');
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function add(files: LayoutFile[], name: string, text: string): void {
  files.push({ path: name, content: Buffer.from(text) });
}

/** Every file below a folder, with paths relative to it. */
export function filesBelow(folder: string): LayoutFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => ({ path: path.relative(folder, file), content: readBytes(file) }));
}

/** Writes stock files below a root. Existing files of the same name are replaced. */
export function writeLayout(root: string, files: readonly LayoutFile[]): void {
  for (const file of files) {
    const target = path.join(root, file.path);
    makeFolders(path.dirname(target));
    writeFileSync(target, file.content, { mode: isProgram(file) ? 0o755 : 0o644 });
  }
}

function isProgram(file: LayoutFile): boolean {
  return file.content.subarray(0, 2).toString() === '#!';
}

/** A short text that changes when a path or a byte of the files does. */
export function layoutHash(files: readonly LayoutFile[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file.path}\0${file.content.length}\0`).update(file.content);
  return hash.digest('hex').slice(0, 16);
}
