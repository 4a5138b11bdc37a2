import { UNCHANGED, withText, type Migration, type Project } from './project.ts';

/**
 * A section that is added to with (+) becomes a plain one, as Wazo's documentation has it. The legacy documentation's
 * example ends an extension that is dialled with `Return()`, which fails: nothing called it. In [xivo-extrafeatures]
 * it becomes `Hangup()`. Source: Asterisk, Return; Wazo's present documentation.
 */
export function migrateDialplan(project: Project): Migration {
  const done: string[] = [];
  let result = project;
  for (const [path, { text }] of project) {
    if (!path.endsWith('.conf')) continue;
    let section = '';
    const added = withoutAdditions(path, text);
    if (added !== text)
      done.push(
        `${path}: [NAME](+) becomes [NAME]: sections of one name add up, and files come in the order of their names.`,
      );
    const lines = added.split('\n').map((line) => {
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
    if (changed === added) continue;
    done.push(`${path}: Return() becomes Hangup(): an extension that is dialled has nothing to return to.`);
  }
  return done.length === 0 ? { project, ...UNCHANGED } : { project: result, done, findings: [] };
}

/** Files that Asterisk reads as dialplan. */
const DIALPLAN = /(?:^|\/)etc\/asterisk\/extensions(?:_extra)?\.d\//;

/** Takes (+) off the first header of each section: where no file before has the section, the whole load would end. */
function withoutAdditions(path: string, text: string): string {
  if (!DIALPLAN.test(path)) return text;
  const seen = new Set<string>();
  return text.replaceAll(
    /^\[([^\]\r\n\u2028\u2029]+)\](\(\+\))?/gm,
    (header, name: string, addition?: string) => {
      const isFirst = !seen.has(name);
      seen.add(name);
      return isFirst && addition !== undefined ? `[${name}]` : header;
    },
  );
}
