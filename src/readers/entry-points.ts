import type { EntryPoint } from '../wazo/entry-point.ts';

/** Parses the INI text of `entry_points.txt` (PyPA entry points specification). */
export function parseEntryPoints(text: string): readonly EntryPoint[] {
  const found: EntryPoint[] = [];
  let group = '';
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const header = /^\[(.+)\]$/.exec(line);
    if (header) {
      group = header[1] ?? '';
      continue;
    }
    const equals = line.indexOf('=');
    if (equals < 1) continue;
    const value = line.slice(equals + 1).replace(/\[.*\]$/, '');
    found.push({ group, name: line.slice(0, equals).trim(), value: value.trim() });
  }
  return found;
}
