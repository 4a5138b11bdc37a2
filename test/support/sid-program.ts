import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { boundCommand } from '../../src/stacks/real/bound.ts';
import { hostMirror } from '../../src/stacks/real/mirror.ts';
import { onlyOnce } from '../../src/stacks/real/root.ts';
import { cacheFolder } from '../../src/support/paths.ts';
import { run } from '../../src/support/run.ts';

/** A program of Debian sid that runs on this machine, whatever its own release is. */
export interface SidProgram {
  /** The folder where its packages are unpacked. */
  readonly root: string;
  /** The beginning of its command line: its own loader, with its own libraries. Programs that it starts are this machine's. */
  readonly command: readonly [string, ...string[]];
}

/** Unpacks a package of sid and what it needs, without installing it: once, into the cache. Needs root and mmdebstrap. */
export async function sidProgram(debian: string, program: string): Promise<SidProgram> {
  const root = path.join(cacheFolder(), 'test', `sid-${debian}`);
  mkdirSync(path.dirname(root), { recursive: true });
  await onlyOnce(
    root,
    () => undefined,
    async (draft) => {
      const fetch = await run(
        boundCommand([
          'mmdebstrap',
          '--variant=extract',
          `--include=${debian}`,
          '--aptopt=APT::Install-Recommends "false"',
          '--aptopt=Acquire::Check-Valid-Until "false"',
          'sid',
          draft,
          `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${hostMirror()} sid main`,
        ]),
      );
      if (fetch.status !== 0) throw new Error(fetch.stderr);
    },
  );
  const libraries = readdirSync(path.join(root, 'usr/lib'))
    .filter((name) => name.endsWith('-linux-gnu'))
    .map((name) => path.join(root, 'usr/lib', name));
  const loader = libraries
    .flatMap((folder) => readdirSync(folder).map((name) => path.join(folder, name)))
    .find((file) => /\/ld-linux[^/]*\.so\.\d+$/.test(file) && existsSync(file));
  if (loader === undefined) throw new Error(`no loader in ${root}`);
  return { root, command: [loader, '--library-path', libraries.join(':'), path.join(root, program)] };
}
