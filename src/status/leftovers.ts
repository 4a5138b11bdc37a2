import path from 'node:path';
import type { Finding, FindingCode } from '../findings/finding.ts';
import type { EffectOutcome } from '../effects/module.ts';
import type { Session } from '../targets/session.ts';
import { complaintsOf } from '../effects/evidence/verify.ts';
import { readShows } from './dialplan-shown.ts';
import { readFiles } from '../targets/target-files.ts';

export interface Gone {
  readonly paths: readonly string[];
  /** Of the paths, those where an earlier file is back. */
  readonly putBack: readonly string[];
  readonly outcomes: readonly EffectOutcome[];
  /** Dialplan files → the contexts that they wrote. */
  readonly dialplan: ReadonlyMap<string, readonly string[]>;
}

/** Looks on the target for what should be gone: files, lines of the dialplan, services that did not come up. */
export async function leftovers(session: Session, gone: Gone): Promise<readonly Finding[]> {
  const { target } = session;
  const removed = gone.paths.filter((name) => !gone.putBack.includes(name));
  const contexts = session.facts.hasAsterisk ? [...new Set([...gone.dialplan.values()].flat())] : [];
  const [files, shows] = await Promise.all([readFiles(target, removed), readShows(target, contexts)]);
  const still = removed.filter((name) => files.has(name) && files.get(name)?.hash !== 'folder');
  return [
    ...still.map((name) => finding('file-still-there', `${name} was removed, and is there again`)),
    ...stillLoaded(gone, shows),
    ...complaintsOf(gone.outcomes),
  ];
}

/** Asterisk names the file behind each line that it shows: `[hello.conf:3]`. */
function stillLoaded(gone: Gone, shows: ReadonlyMap<string, string>): readonly Finding[] {
  return [...gone.dialplan].flatMap(([file, contexts]) => {
    if (gone.putBack.includes(file)) return [];
    const sign = `[${path.posix.basename(file)}:`;
    return contexts
      .filter((context) => shows.get(context)?.includes(sign) === true)
      .map((context) =>
        finding('dialplan-still-loaded', `Asterisk still has lines of ${file} in context "${context}"`),
      );
  });
}

function finding(code: FindingCode, message: string): Finding {
  return {
    code,
    level: 'error',
    message,
    help: 'Delete the file on the target, and reload the dialplan there.',
  };
}
