import { readManifest } from '../readers/yaml/manifest.ts';
import { branchOf } from '../readers/shell/rules-text.ts';
import { isReload } from './legacy.ts';
import { UNCHANGED, withText, type Migration, type Project } from './project.ts';

/**
 * Moves reloads of `uninstall`, which run while the files are still there, to `postrm`, and raises the format
 * version that makes wazo-plugind call it. Only plain commands on lines of their own are moved.
 * Source: wazo-plugind, prerm and postrm; plugin_format_version 1.
 */
export function migrateRemovalOrder(project: Project): Migration {
  const [manifest, rules] = [project.get('wazo/plugin.yml'), project.get('wazo/rules')];
  if (manifest === undefined || rules === undefined) return { project, ...UNCHANGED };
  const { fields } = readManifest(manifest.text);
  const format = fields.get('plugin_format_version') ?? '0';
  const moved = moveReloads(rules.text);
  if (moved === undefined && (format !== '0' || !hasCommands(rules.text, 'postrm')))
    return { project, ...UNCHANGED };
  const done: string[] = [];
  let result = project;
  if (moved !== undefined) {
    result = withText(result, 'wazo/rules', moved);
    done.push('Reloads of uninstall move to postrm: before, they ran while the files were still there.');
  }
  if (format === '0') {
    result = withText(result, 'wazo/plugin.yml', raiseFormat(manifest.text));
    done.push('plugin_format_version becomes 1, so that wazo-plugind calls postrm.');
  }
  return { project: result, done, findings: [] };
}

function hasCommands(rules: string, command: string): boolean {
  const lines = rules.split('\n');
  const branch = branchOf(rules, command);
  if (branch === undefined) return false;
  return lines.slice(branch.from, branch.to).some((line, index) => {
    const text = (index === 0 ? line.replace(/^[^)]*\)/, '') : line).replace(';;', '').trim();
    return text !== '' && text !== ':' && text !== 'true' && !text.startsWith('#');
  });
}

function moveReloads(rules: string): string | undefined {
  const lines = rules.split('\n');
  const uninstall = branchOf(rules, 'uninstall');
  if (uninstall === undefined || /\|/.test((lines[uninstall.from] ?? '').split(')')[0] ?? ''))
    return undefined;
  const inside = lines.slice(uninstall.from + 1, uninstall.to);
  const isPlain = (line: string): boolean => isReload(line) && !/[;&]/.test(line);
  const reloads = inside.filter(isPlain);
  // within an if or a loop a line can't be moved alone
  if (reloads.length === 0 || inside.some((line) => /^\s*(?:if|for|while|until)\b/.test(line)))
    return undefined;
  const kept = inside.filter((line) => !isPlain(line));
  const empty = kept.every((line) => ['', ';;'].includes(line.trim()));
  const indent = /^\s*/.exec(reloads[0] ?? '')?.[0] ?? '        ';
  lines.splice(uninstall.from + 1, inside.length, ...(empty ? [`${indent}:`] : []), ...kept);
  insertPostrm(
    lines,
    reloads.map((line) => line.trim()),
    indent,
  );
  return lines.join('\n');
}

function insertPostrm(lines: string[], reloads: readonly string[], indent: string): void {
  const rules = lines.join('\n');
  const postrm = branchOf(rules, 'postrm');
  const guarded = reloads.map((line) => `${indent}${/\|\|/.test(line) ? line : `${line} || true`}`);
  if (postrm !== undefined && !/\|/.test((lines[postrm.from] ?? '').split(')')[0] ?? '')) {
    const [label, rest] = splitLabel(lines[postrm.from] ?? '');
    const after =
      rest.trim() === '' || rest.trim() === ';;' ? [] : [`${indent}${rest.replace(';;', '').trim()}`];
    const end = rest.includes(';;') ? [`${indent};;`] : [];
    lines.splice(postrm.from, 1, label, ...after, ...guarded, ...end);
    return;
  }
  const uninstall = branchOf(rules, 'uninstall');
  const at = uninstall?.to ?? lines.length;
  const margin = /^\s*/.exec(lines[uninstall?.from ?? 0] ?? '')?.[0] ?? '    ';
  lines.splice(at, 0, `${margin}postrm)`, ...guarded, `${indent};;`);
}

function splitLabel(line: string): readonly [string, string] {
  const at = line.indexOf(')') + 1;
  return [line.slice(0, at), line.slice(at)];
}

function raiseFormat(text: string): string {
  const line = /^plugin_format_version\s*:.*$/m;
  if (line.test(text)) return text.replace(line, 'plugin_format_version: 1');
  return `${text}${text.endsWith('\n') || text === '' ? '' : '\n'}plugin_format_version: 1\n`;
}
