import { NAME_CHANGES, whatBecame } from '../wazo/renamed.ts';
import { atLeast } from '../wazo/versions.ts';
import type { Migration, Project } from './project.ts';

/** Files that only describe the plugin. */
const PROSE = /(?:^|\/)(?:README|CHANGELOG|LICENSE|AUTHORS)[^/]*$|\.(?:md|rst|txt)$/i;

/** Puts the present name in the place of one that Wazo renamed, in texts and in paths below `etc/`. */
export function migrateNames(project: Project, engine: string): Migration {
  const done: string[] = [];
  const result = new Map(project);
  for (const [path, { text, mode }] of project) {
    if (PROSE.test(path)) continue;
    let [now, moved] = [text, path];
    for (const row of NAME_CHANGES) {
      const { replacement } = row;
      if (replacement === undefined || !row.files.test(path) || !atLeast(engine, row.since)) continue;
      const changed = now.replaceAll(row.pattern, replacement);
      if (changed !== now) {
        const told = [...new Set(now.match(row.pattern))].map((name) => `${name} ${whatBecame(row, name)}`);
        done.push(`${path}: ${told.join(', ')} (${row.source}).`);
      }
      now = changed;
      if (path.startsWith('etc/')) moved = moved.replaceAll(row.pattern, replacement);
    }
    if (moved !== path && !project.has(moved)) {
      done.push(`${path} becomes ${moved}.`);
      result.delete(path);
      result.set(moved, { text: now, mode });
    } else if (now !== text) result.set(path, { text: now, mode });
  }
  return { project: result, done, findings: [] };
}
