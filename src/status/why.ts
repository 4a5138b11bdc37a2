import type { Target } from '../targets/target.ts';
import { LOCAL_LINKS } from './links-local.ts';
import { TARGET_LINKS } from './links-target.ts';
import type { Judgement, Link } from './link.ts';
import { readLocalFacts, type LocalFacts } from './why-local.ts';
import { readTargetFacts } from './why-target.ts';

export interface JudgedLink {
  readonly name: string;
  readonly title: string;
  /** `unknown` behind a broken link: it says nothing while that one is broken. */
  readonly state: Judgement['state'] | 'unknown';
  readonly says: string;
  readonly help?: string;
  readonly file?: string;
  readonly line?: number;
}

export interface Why {
  readonly plugin: string;
  readonly target: string;
  /** The one source file that was asked about, relative to the plugin's folder. */
  readonly file?: string;
  readonly links: readonly JudgedLink[];
  /** Name of the broken link; null when all hold. */
  readonly broken: string | null;
}

/**
 * Goes from a plugin's sources to the running system, link by link, and stops at the first one that is broken. The
 * target is opened only when the sources are in order.
 * @throws UserError `usage` when there is no plugin at, around or below the path, `target-unreachable`
 */
export async function findWhy(given: string, name: string, open: () => Promise<Target>): Promise<Why> {
  const local = await readLocalFacts(given);
  const links = judgeAll(LOCAL_LINKS, local);
  const subject = { plugin: local.plugin?.id ?? local.dir, target: name, ...fileOf(local) };
  if (links.at(-1)?.state === 'unknown' || links.at(-1)?.state === 'broken' || local.stage?.ok !== true) {
    return conclude(subject, [...links, ...TARGET_LINKS.map(unknown)]);
  }
  const target = await open();
  try {
    const facts = await readTargetFacts(target, local.stage.stage, local.file);
    return conclude(subject, [...links, ...judgeAll(TARGET_LINKS, facts)]);
  } finally {
    await target.close();
  }
}

function fileOf({ file }: LocalFacts): { file?: string } {
  return file === undefined ? {} : { file };
}

function judgeAll<Facts>(links: readonly Link<Facts>[], facts: Facts): readonly JudgedLink[] {
  let broken = false;
  return links.map((link) => {
    if (broken) return unknown(link);
    const judgement = link.judge(facts);
    broken = judgement.state === 'broken';
    return { name: link.name, title: link.title, ...judgement };
  });
}

function unknown({ name, title }: { name: string; title: string }): JudgedLink {
  return { name, title, state: 'unknown', says: '' };
}

function conclude(subject: Omit<Why, 'links' | 'broken'>, links: readonly JudgedLink[]): Why {
  return { ...subject, links, broken: links.find(({ state }) => state === 'broken')?.name ?? null };
}
