/** Reads INI text as Python's configparser does, each value with the lines that it stands on. Pure. */

interface IniLine {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

export interface IniOption {
  readonly name: string;
  /** From 1. */
  readonly line: number;
  /** Its value line by line, without indentation; the first may be empty. */
  readonly lines: readonly IniLine[];
}

interface IniError {
  readonly message: string;
  readonly line: number;
}

export interface IniText {
  /** By section, in order; a name that stands twice has the lines of both. */
  readonly sections: ReadonlyMap<string, readonly IniOption[]>;
  /** The first place that configparser refuses; what follows is read all the same. */
  readonly error: IniError | undefined;
}

/**
 * Reads a text with the rules of RawConfigParser: comments are whole lines, a deeper line goes on with the value
 * before, names count with their case (setuptools sets `optionxform`).
 * @param signs what stands between a name and its value
 */
export function readIni(text: string, signs: '=' | '=:' = '=:'): IniText {
  const sections = new Map<string, (IniOption & { readonly lines: IniLine[] })[]>();
  const names = new Map<object, Set<string>>();
  let error: IniError | undefined;
  let section: (IniOption & { readonly lines: IniLine[] })[] | undefined;
  let open: { readonly lines: IniLine[] } | undefined;
  let indent = 0;
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const value = raw.trim();
    const line = index + 1;
    if (value === '' || /^[#;]/.test(value)) continue;
    const depth = raw.length - raw.trimStart().length;
    if (open !== undefined && depth > indent) {
      open.lines.push({ text: value, line });
      continue;
    }
    indent = depth;
    open = undefined;
    const header = /^\[(.+)\]/.exec(value)?.[1];
    if (header !== undefined) {
      if (sections.has(header)) error ??= { message: `section '${header}' already exists`, line };
      section = sections.get(header) ?? [];
      sections.set(header, section);
      continue;
    }
    const at = signs === '=' ? value.indexOf('=') : value.search(/[=:]/);
    const [name, first] = at < 0 ? ['', ''] : [value.slice(0, at).trimEnd(), value.slice(at + 1).trimStart()];
    if (section === undefined) error ??= { message: 'File contains no section headers.', line };
    else if (name === '') error ??= { message: 'Source contains parsing errors', line };
    else {
      const taken = names.get(section) ?? new Set();
      if (taken.has(name)) error ??= { message: `option '${name}' already exists`, line };
      names.set(section, taken.add(name));
      const entry = { name, line, lines: [{ text: first, line }] };
      section.push(entry);
      open = entry;
    }
  }
  return { sections, error };
}
