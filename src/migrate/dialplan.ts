import { UNCHANGED, withText, type Migration, type Project } from './project.ts';

/**
 * The legacy documentation's example ends an extension that is dialled with `Return()`, which fails: nothing
 * called it. In [xivo-extrafeatures] it becomes `Hangup()`. Source: Asterisk, Return; Wazo's present documentation.
 */
export function migrateDialplan(project: Project): Migration {
  const done: string[] = [];
  let result = project;
  for (const [path, { text }] of project) {
    if (!path.endsWith('.conf')) continue;
    let section = '';
    const lines = text.split('\n').map((line) => {
      section = /^\[([^\]]+)\]/.exec(line)?.[1] ?? section;
      if (section !== 'xivo-extrafeatures') return line;
      return line.replace(
        /^(\s*(?:same|exten)\s*=>?\s*(?:[^\s,][^,]*,)?n(?:\([^)]*\))?,\s*)Return\(\s*\)/,
        '$1Hangup()',
      );
    });
    const changed = lines.join('\n');
    if (changed === text) continue;
    result = withText(result, path, changed);
    done.push(`${path}: Return() becomes Hangup(): an extension that is dialled has nothing to return to.`);
  }
  return done.length === 0 ? { project, ...UNCHANGED } : { project: result, done, findings: [] };
}
