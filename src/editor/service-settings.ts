import { entriesOf, enabledIn, entryAt, groupsOfService } from './entry-points.ts';
import { settingsOf } from './file-kinds.ts';
import { type Asked, type Language, type Word, code, holds, lineOf } from './language.ts';
import { rightHover, rightPlaces, rightWords } from './rights.ts';
import { keysAbove, yamlKeys, yamlOutline } from './yaml-keys.ts';

/** Settings of services: what they enable, and the ACLs of policies. */
export const SETTINGS: Language = {
  name: 'conf.d',
  takes: (file) => settingsOf(file) !== undefined,
  hover: (asked) => entryHover(asked) ?? rightHover(asked.file, asked.offset, asked.files) ?? keyHover(asked),
  words: settingsWords,
  definitions: (asked) => {
    const entry = entryAt(asked);
    if (entry === undefined) return rightPlaces(asked.file, asked.offset, asked.files);
    return entriesOf(asked.files)
      .filter(({ group, name }) => group === entry.group && name === entry.name)
      .map(({ file, at }) => ({ uri: file.uri, ...at }));
  },
  references: (asked) => entryAt(asked)?.places ?? rightPlaces(asked.file, asked.offset, asked.files),
  rename: (asked) => entryAt(asked),
  outline: yamlOutline,
};

function entryHover({ file, offset, files }: Asked): string | undefined {
  const found = enabledIn(file, files).find(({ at }) => holds(at, offset));
  if (found === undefined) return undefined;
  const { group, name } = found;
  const entry = entriesOf(files).find((one) => one.group === group.group && one.name === name);
  const leads =
    entry === undefined
      ? `This plugin has no such entry point.`
      : `${code(`${entry.module}:${entry.attribute}`)} (${lineOf(entry.file, entry.at)}).`;
  return `entry point ${code(name)} of ${code(group.group)}, loaded by ${group.service} at its start. ${leads}`;
}

function keyHover({ file, offset, files }: Asked): string | undefined {
  const key = yamlKeys(file.text).find(({ at }) => holds(at, offset));
  if (key === undefined) return undefined;
  const path = [...key.above, key.name];
  const service = settingsOf(file.name) ?? '';
  const groups = groupsOfService(service, files).filter(({ keys }) =>
    path.every((name, index) => name === keys[index]),
  );
  if (groups.length > 0) {
    const names = groups.map(({ group }) => code(group)).join(', ');
    return `${code(path.join('.'))}: ${service} loads at its start what it enables here of ${names}.`;
  }
  return `${code(path.join('.'))}: a setting of ${service}, which reads /etc/${service}/conf.d at its start.`;
}

function settingsWords({ file, position, before, files }: Asked): readonly Word[] {
  const service = settingsOf(file.name) ?? '';
  const lines = file.text.split('\n');
  const above = keysAbove(lines, position.line);
  const groups = groupsOfService(service, files);
  const entries = entriesOf(files);
  const namesOf = (group: string): readonly Word[] =>
    entries
      .filter((entry) => entry.group === group)
      .map(({ name, module, attribute }) => ({
        label: name,
        kind: 'value',
        detail: `${module}:${attribute}`,
      }));
  // a dash need not be indented below its key
  const list = /^\s*-\s*["']?[\w.{}*#-]*$/.test(before);
  if (list && (above.at(-1) === 'acl' || keyBefore(lines, position.line) === 'acl')) return rightWords(files);
  const value = /^\s*(?:-\s+)*([\w.-]+):\s+\S*$/.exec(before);
  if (value !== null) {
    const path = [...above, value[1] ?? ''];
    return groups.flatMap(({ group, keys, shape }): readonly Word[] => {
      if (shape === 'name' && keys.join('\n') === path.join('\n')) return namesOf(group);
      if (shape === 'flags' && keys.join('\n') === above.join('\n'))
        return ['true', 'false'].map((label) => ({ label, kind: 'value' }));
      return [];
    });
  }
  if (!/^\s*(?:-\s+)?[\w.-]*$/.test(before)) return [];
  return groups.flatMap(({ group, keys }): readonly Word[] => {
    if (keys.length === above.length && keys.every((key, at) => key === above[at])) return namesOf(group);
    const next = keys[above.length];
    if (list || next === undefined || !above.every((key, at) => key === keys[at])) return [];
    return [{ label: next, kind: 'field', detail: group }];
  });
}

function keyBefore(lines: readonly string[], line: number): string | undefined {
  for (let at = line - 1; at >= 0; at--) {
    const key = /^\s*(?:-\s+)*([\w-]+):/.exec(lines[at] ?? '');
    if (key !== null) return key[1];
    if (!/^\s*(?:-|$|#)/.test(lines[at] ?? '')) return undefined;
  }
  return undefined;
}
