import type { FileState, FileTree } from '../edits/file-tree.ts';
import type { SourceListing } from '../git/sources.ts';
import type { Finding } from '../findings/finding.ts';

/** The texts of a plugin's folder, by path. */
export type Project = FileTree;

/** The outcome of one migration. */
export interface Migration {
  readonly project: Project;
  /** Sentences about what was done. */
  readonly done: readonly string[];
  /** The parts that a person must finish. */
  readonly findings: readonly Finding[];
}

export const UNCHANGED = { done: [], findings: [] } as const;

/** Texts only: what is not UTF-8, a link, or larger than any text, is never migrated. */
export function projectOf(sources: SourceListing): Project {
  const found = new Map<string, FileState>();
  for (const file of sources.values()) {
    if (file.link !== undefined || file.large !== undefined) continue;
    const { path, mode, bytes } = file;
    const text = bytes.toString('utf8');
    if (Buffer.from(text, 'utf8').equals(bytes)) found.set(path, { text, mode });
  }
  return found;
}

/** A project with one file changed. */
export function withText(project: Project, path: string, text: string, mode?: number): Project {
  const before = project.get(path);
  return new Map([...project, [path, { text, mode: mode ?? before?.mode ?? 0o644 }]]);
}

export function without(project: Project, path: string): Project {
  return new Map([...project].filter(([name]) => name !== path));
}
