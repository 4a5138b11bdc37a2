import { countScript, foldersToCount, readCounts, type GlobCounts } from '../effects/evidence/glob-counts.ts';
import type { EffectOutcome } from '../effects/module.ts';
import type { Target } from './target.ts';

/** Measures the files beside those that Asterisk complained about; asks nothing when it did not. */
export async function readGlobCounts(
  target: Target,
  outcomes: readonly EffectOutcome[],
): Promise<GlobCounts> {
  const counts: (readonly [string, readonly number[]])[] = [];
  const logs = outcomes.flatMap((outcome) => (outcome.do === 'console' ? [outcome.log] : []));
  for (const folder of foldersToCount(logs)) {
    const { stdout } = await target.run(countScript(folder));
    counts.push(...readCounts(folder, stdout.toString('utf8')));
  }
  return new Map(counts);
}
