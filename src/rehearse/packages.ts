import { chmodSync, lstatSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BuiltPackage } from '../package/build.ts';
import { packersTar } from '../package/package-steps.ts';
import { serverPath } from '../stage/server-environment.ts';
import { installedHome } from '../wazo/names.ts';
import { UserError } from '../support/errors.ts';
import { temporaryFolder } from '../support/temp-folder.ts';
import { run } from '../support/run.ts';
import { HERE } from './machine.ts';
import { lstatOf } from '../support/stat.ts';
import { readBytes, readText } from '../support/read-file.ts';

/** The most that a package is held in memory to be sent to a machine, in bytes. */
const LARGEST = 2 ** 30;

/** A package in a form for one part of the rehearsal. */
export interface Variant {
  readonly bytes: Buffer;
  readonly version: string;
  /** Installed paths, without folders. */
  readonly files: readonly string[];
  /** In the next version: the file that has another name. */
  readonly renamed?: { readonly from: string; readonly to: string };
  /** In the next version: files with other contents. */
  readonly changed?: readonly string[];
}

export interface VariantOptions {
  /** A higher version: one configuration file under another name, and these files with other contents. */
  readonly next?: { readonly changed: readonly string[] };
  /** Maintainer scripts that fail when told to, and rules that tell their line to what they call. */
  readonly faulty?: boolean;
}

/** Makes a variant of a built package, whose files belong to whom those of the package do. */
export async function makeVariant(built: BuiltPackage, options: VariantOptions): Promise<Variant> {
  const files = built.files.filter((file) => !file.folder).map((file) => file.path);
  if (!options.next && !options.faulty) {
    return { bytes: readBytes(built.deb, LARGEST), version: built.version, files };
  }
  const folder = temporaryFolder('rehearse');
  try {
    const tree = path.join(folder, 'tree');
    await must(['dpkg-deb', '-R', built.deb, tree]);
    const version = options.next ? raised(built.version) : built.version;
    const renamed = options.next ? renameOne(tree, files) : undefined;
    for (const file of options.next?.changed ?? []) changeOne(path.join(tree, file));
    if (options.next) replaceIn(path.join(tree, 'DEBIAN/control'), /^Version: .*$/m, `Version: ${version}`);
    if (options.faulty) makeFaulty(tree, built);
    const deb = path.join(folder, 'variant.deb');
    await must(['dpkg-deb', '-Zgzip', '-z1', '--build', tree, deb], {
      PATH: `${packersTar(folder)}:${serverPath()}`,
    });
    const bytes = readBytes(deb, LARGEST);
    const changed = options.next?.changed ?? [];
    if (renamed === undefined) return { bytes, version, files, changed };
    return {
      changed,
      bytes,
      version,
      renamed,
      files: files.map((file) => (file === renamed.from ? renamed.to : file)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A version that dpkg holds for higher. */
export function raised(version: string): string {
  return `${version}+rehearsed1`;
}

/** Gives a configuration file another name of the same kind; undefined when the package ships none. */
function renameOne(tree: string, files: readonly string[]): { from: string; to: string } | undefined {
  const from =
    files.find((file) => file.startsWith('/etc/asterisk/extensions_extra.d/')) ??
    files.find((file) => /^\/etc\/.*\.(?:conf|yml)$/.test(file));
  if (from === undefined || lstatSync(path.join(tree, from)).isSymbolicLink()) return undefined;
  const to = from.replace(/(\.[^./]+)?$/, '-renamed$1');
  renameSync(path.join(tree, from), path.join(tree, to));
  return { from, to };
}

/** Adds a comment in the language of the file; leaves alone what is gone, a link, or of another kind. */
function changeOne(file: string): void {
  const mark = /\.(?:ya?ml|py|service|timer)$/.test(file) ? '#' : file.endsWith('.conf') ? ';' : undefined;
  const stat = lstatOf(file);
  if (mark === undefined || stat?.isFile() !== true) return;
  writeFileSync(file, `${readText(file).replace(/\n?$/, '\n')}${mark} changed\n`);
}

function makeFaulty(tree: string, { metadata }: BuiltPackage): void {
  for (const script of ['postinst', 'prerm', 'postrm']) {
    const hook = ['fail', 'kill'].map(
      (what) =>
        `if [ -e ${HERE}/${what}-${script} ]; then\n    rm -f ${HERE}/${what}-${script}\n${what === 'kill' ? '    kill -9 $PPID\n' : ''}    exit 1\nfi\n`,
    );
    replaceIn(path.join(tree, 'DEBIAN', script), /^#!\/bin\/sh\n/, `#!/bin/sh\n${hook.join('')}`);
  }
  replaceIn(
    path.join(tree, installedHome(metadata), 'wazo/rules'),
    /^#!\s*\S*\/(?:env\s+)?(?:ba|da)?sh\b.*/,
    `#!${HERE}/sh`,
  );
}

function replaceIn(file: string, pattern: RegExp, text: string): void {
  const { mode } = lstatSync(file);
  writeFileSync(
    file,
    readText(file).replace(pattern, () => text),
  );
  chmodSync(file, mode & 0o7777);
}

async function must(
  command: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const result = await run(command, { env });
  if (result.status === 0) return;
  throw new UserError('repack-failed', `${command[0]} could not repack the package: ${result.stderr.trim()}`);
}
