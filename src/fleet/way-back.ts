/** The way back of a roll-out, tried before any server is touched: on it the older package's `postinst` runs. */

import { rehearseWayBack } from '../rehearse/way-back.ts';
import { lacking } from '../stacks/requirements.ts';
import { UserError } from '../support/errors.ts';
import type { RollEvent } from './events.ts';
import { readAims } from './status.ts';
import { debOf, otherVersions, type Wanted } from './version.ts';

export interface WayBackOrder {
  readonly dir: string;
  readonly wanted: Wanted;
  /** The versions that servers have; undefined where they were not asked. */
  readonly there: readonly string[] | undefined;
  readonly emit: (event: RollEvent) => void;
  readonly onProgress: (text: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Tries it for each version that servers may go back to, where this machine can have a real stack; tells where not.
 * @throws UserError `way-back-fails` before any server is touched
 */
export async function proveWayBack(order: WayBackOrder): Promise<void> {
  const { dir, wanted, emit, onProgress, signal } = order;
  const next = debOf(dir, wanted);
  const befores = versionsBefore(order).flatMap((version) => {
    const file = debOf(dir, { ...wanted, version });
    return file === undefined ? [] : [{ version, file }];
  });
  if (next === undefined || befores.length === 0) return;
  const lacks = await lacking('real');
  for (const before of befores) {
    const told = { event: 'rehearsal', before: before.version, version: wanted.version } as const;
    if (lacks.length > 0) {
      const what = lacks.map((lack) => lack.what).join(', ');
      emit({ ...told, note: `this machine can have no real stack: ${what}` });
      continue;
    }
    onProgress(`rehearsing the way from ${before.version} to ${wanted.version} and back`);
    const result = await rehearseWayBack(before, { version: wanted.version, file: next }, onProgress, signal);
    emit({ ...told, ...result });
    if (result.ok === false)
      throw new UserError('way-back-fails', `${wanted.id}: ${result.note}`, {
        help: 'No server was touched. The scripts of both versions say why; --no-rehearse rolls out without it.',
      });
  }
}

function versionsBefore({ dir, wanted, there }: WayBackOrder): readonly string[] {
  const aim = readAims(dir)[wanted.package];
  const found = there ?? (aim === undefined ? otherVersions(dir, wanted) : [aim]);
  return found.filter((version) => version !== wanted.version);
}
