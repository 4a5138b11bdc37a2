/** The way of a server through two versions of a package and back, tried on a throw-away stack. */

import { randomBytes } from 'node:crypto';
import { readBytes } from '../support/read-file.ts';
import { dpkg } from './dpkg.ts';
import { HERE, Machine } from './machine.ts';
import { addStandIns } from './stand-ins.ts';

export interface WayBackResult {
  /** Undefined where it could not be tried: the version before does not install there. */
  readonly ok?: boolean;
  readonly ms: number;
  readonly note: string;
  /** The words of dpkg and of the scripts where something failed. */
  readonly output?: string;
}

interface Deb {
  readonly version: string;
  /** Path of the package here. */
  readonly file: string;
}

/** The rules of the plugin in a package, read in the machine. */
const RULES =
  '--fsys-tarfile "$1" | tar -xO --wildcards \'./usr/lib/wazo-plugind/plugins/*/wazo/rules\' 2>/dev/null';

/**
 * Installs `before`, then `next`, then `before` again, with the real maintainer scripts: the last runs the `postinst` of
 * `before` over what `next` left.
 * @throws UserError as Machine.start where no real stack can be had
 */
export async function rehearseWayBack(
  before: Deb,
  next: Deb,
  onProgress: (text: string) => void,
  signal: AbortSignal,
): Promise<WayBackResult> {
  const started = performance.now();
  const machine = await Machine.start(`way-back-${randomBytes(4).toString('hex')}`, onProgress, signal);
  try {
    const place = async ({ file }: Deb, name: string): Promise<string> => {
      const there = `${HERE}/${name}.deb`;
      machine.put(there, readBytes(file));
      const { stdout } = await machine.sh(`set -- ${there}; dpkg-deb ${RULES}`);
      await addStandIns(machine, stdout, []);
      return there;
    };
    const [old, fresh] = [await place(before, 'before'), await place(next, 'next')];
    const steps = [
      { deb: old, said: `${before.version} is installed` },
      { deb: fresh, said: `${next.version} is installed over ${before.version}` },
      { deb: old, said: `${before.version} is installed over ${next.version}` },
    ];
    for (const [at, { deb, said }] of steps.entries()) {
      const { status, output } = await dpkg(machine, `-i ${deb}`);
      const ms = Math.round(performance.now() - started);
      if (status === 0) continue;
      const tail = output.split('\n').slice(-12).join('\n');
      // on a server it is there
      if (at === 0) return { ms, note: `${before.version} does not install on the stack`, output: tail };
      return { ok: false, ms, note: `dpkg fails when ${said}`, output: tail };
    }
    const ms = Math.round(performance.now() - started);
    const { stdout } = await machine.sh('systemctl list-units --failed --plain --no-legend');
    const failed = stdout.split('\n').flatMap((line) => line.split(/\s+/)[0] || []);
    if (failed.length > 0)
      return {
        ok: false,
        ms,
        note: `failed after the way back: ${failed.join(', ')}`,
        output: stdout.trim(),
      };
    return { ok: true, ms, note: `${before.version}, ${next.version}, and ${before.version} again install` };
  } finally {
    await machine.end();
  }
}
