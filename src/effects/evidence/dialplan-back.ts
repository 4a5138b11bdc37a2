import type { Finding } from '../../findings/finding.ts';
import { describeEntry, missingFromShow } from '../../dialplan/show/read-back.ts';
import { parseShow } from '../../dialplan/show/show-text.ts';
import type { StagedTree } from '../../stage/tree.ts';
import type { EffectOutcome } from '../module.ts';
import { dialplanFiles, extensionsOf, namesOf } from './dialplan.ts';

/**
 * How Asterisk's dialplan differs from that of a version that was brought back: what it lacks of that version, and what it
 * has still of the one that went. `dialplan show` alone tells: the log may speak late of the version that went. There is
 * no source to name, for the sources are another version.
 * @param back what is there again
 * @param gone what is there no more
 */
export function dialplanBack(
  back: StagedTree,
  gone: StagedTree,
  { shows }: EffectOutcome<'console'>,
): readonly Finding[] {
  return [...lacking(back, shows), ...still(back, gone, shows)];
}

const SOURCE = 'Asterisk, dialplan show';

/** A finding for each context, of the first line that it lacks. */
function lacking(back: StagedTree, shows: ReadonlyMap<string, string>): readonly Finding[] {
  const files = dialplanFiles(back);
  const names = namesOf(files);
  const messages = files.flatMap(({ expected: { contexts, entries } }) =>
    contexts.flatMap((context) => {
      const shown = shows.get(context) ?? '';
      if (!shown.includes(`[ Context '${context}' `)) return [`context "${context}"`];
      const own = entries.filter((entry) => entry.context === context);
      const [first] = missingFromShow(own, shown, names);
      if (first === undefined) return [];
      const { entry, instead } = first;
      return [`${describeEntry(entry)}${instead === undefined ? '' : `; it has ${instead}`}`];
    }),
  );
  return [...new Set(messages)].map((what) => ({
    code: 'dialplan-not-loaded',
    level: 'error',
    message: `Asterisk did not load ${what}`,
    source: SOURCE,
  }));
}

function still(back: StagedTree, gone: StagedTree, shows: ReadonlyMap<string, string>): readonly Finding[] {
  const names = namesOf(dialplanFiles(gone));
  const has = extensionsOf(back);
  return [...extensionsOf(gone)].flatMap(([context, extensions]) => {
    const shown = parseShow(shows.get(context) ?? '').flatMap(({ extension = '', registrar }) =>
      names.has(registrar.slice(0, registrar.lastIndexOf(':'))) ? [extension] : [],
    );
    const left = [...extensions].filter(
      (name) => has.get(context)?.has(name) !== true && shown.includes(name),
    );
    return left.map((name): Finding => ({
      code: 'dialplan-still-loaded',
      level: 'error',
      message: `Asterisk still has extension ${name} of context ${context}`,
      source: SOURCE,
    }));
  });
}
