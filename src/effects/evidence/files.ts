import type { Change } from '../change.ts';
import type { Evidence } from '../module.ts';
import type { StagedFile } from '../../stage/tree.ts';
import type { Finding } from '../../findings/finding.ts';
import { rowOf } from '../../findings/catalogue.ts';
import { isReadByService } from '../../wazo/needs.ts';

/** The outcome of the files of a batch. */
export interface FilesOutcome {
  /** Why the files could not be put in place; then no effect was run. */
  readonly problem: string | undefined;
  /** Installed paths that were written and read back with another content, or could not be written. */
  readonly unwritten: readonly string[];
  /** Installed paths of links that lead to nothing on the target. */
  readonly dangling: readonly string[];
}

/** Whether one plugin's files are on the target; when they could not be put there, whose file was the reason. */
export function fileVerdict(
  { tree, difference }: Change,
  changes: readonly Change[],
  { problem, unwritten, dangling }: FilesOutcome,
): Evidence {
  if (problem !== undefined) {
    const own = namedIn(problem, difference.put);
    const isOthers = changes.some(({ difference: { put } }) => namedIn(problem, put) !== undefined);
    // this plugin is brought again, without the other one
    if (own === undefined && isOthers) return { findings: [], loaded: [] };
    return { findings: [unputFinding(problem, own)], loaded: [] };
  }
  const findings = unwritten
    .filter((path) => tree.has(path))
    .map((path): Finding => ({
      code: 'file-differs',
      level: 'error',
      message: `${path} changed on the target right after wdev wrote it`,
      ...place(tree.get(path)),
      help: 'Find what else writes it (e.g. a generator), stop that, and try again.',
    }));
  const links = dangling.flatMap((at) => danglingLink(tree.get(at)));
  return { findings: [...findings, ...links], loaded: [] };
}

/** A program that reads such a path at a moment of its own finds nothing there; what others link may come later. */
function danglingLink(file: StagedFile | undefined): readonly Finding[] {
  if (file?.link === undefined) return [];
  const finding: Finding = {
    code: 'link-dangling',
    level: isReadByService(file.path) ? 'error' : 'warning',
    message: `Symlink ${file.path} points to ${file.link}, which does not exist on the target`,
    ...place(file),
    help: rowOf('link-dangling').fix,
    source: rowOf('link-dangling').source,
  };
  return [finding];
}

function unputFinding(problem: string, file: StagedFile | undefined): Finding {
  const said = problem
    .replaceAll('/.wdev-new', '')
    .split('\n')
    .filter((line) => !/Exiting with failure status/.test(line));
  return {
    code: 'files-not-written',
    level: 'error',
    message: `Cannot write the files to the target: ${said.join('\n')}`,
    ...place(file),
    help: 'Nothing was changed. Check free space and permissions on the target.',
  };
}

/** The file of those that a complaint of tar or mv names, by its new self or by its place. */
function namedIn(problem: string, put: readonly StagedFile[]): StagedFile | undefined {
  return put.find(({ path }) => {
    const at = path.lastIndexOf('/');
    const fresh = `${path.slice(1, at)}/.wdev-new${path.slice(at)}`;
    return new RegExp(`(?:${literal(fresh)}|${literal(path)})(?![^\\s:'"])`).test(problem);
  });
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function place(file: StagedFile | undefined): { file?: string } {
  return file === undefined ? {} : { file: file.source ?? file.path };
}
