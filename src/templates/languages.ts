import path from 'node:path';

/** How EJS tags look in a file of a language (always a comment of it), and how free text is put into it. */
export interface Language {
  readonly open: string;
  readonly close: string;
  /** Makes a text safe where templates place it: between double quotes, or in running text for Markdown. */
  readonly escape: (text: string) => string;
}

/** Every language has this EJS delimiter; with it tags look like `# @= name @#` and `# @_ if (x) { _@#`. */
export const DELIMITER = '@';

const HASH = { open: '# ', close: '#' };
const MARKUP = { open: '<!--', close: '-->' };

const STRING: Language = { ...HASH, escape: escapeString };
const SHELL: Language = { ...HASH, escape: escapeShell };
const ASTERISK: Language = { open: '; ', close: ';', escape: escapeAsterisk };
const MARKDOWN: Language = { ...MARKUP, escape: escapeMarkdown };
const PLAIN: Language = { ...HASH, escape: (text) => text };

const BY_EXTENSION: Readonly<Record<string, Language>> = {
  '.py': STRING,
  '.yml': STRING,
  '.yaml': STRING,
  '.toml': STRING,
  '.json': STRING,
  '.cfg': PLAIN,
  '.sh': SHELL,
  '.conf': ASTERISK,
  '.md': MARKDOWN,
};

const BY_NAME: Readonly<Record<string, Language>> = { rules: SHELL, Makefile: SHELL };

export function languageOf(file: string): Language {
  const base = path.posix.basename(file);
  return BY_NAME[base] ?? BY_EXTENSION[path.posix.extname(base)] ?? PLAIN;
}

/** Characters that no editor shows, or that end a line for some readers. */
const UNSEEN = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** Inside a double-quoted literal of Python, YAML, TOML or JSON: what all four read back unchanged. */
function escapeString(text: string): string {
  return JSON.stringify(text).slice(1, -1).replace(UNSEEN, unicodeEscape);
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Inside double quotes of a POSIX shell. */
function escapeShell(text: string): string {
  return text.replace(/[\\"$`]/g, String.raw`\$&`);
}

/** In a value or comment of an Asterisk file: one line, and a semicolon does not begin a comment. */
function escapeAsterisk(text: string): string {
  return text.replaceAll('\n', ' ').replaceAll(';', String.raw`\;`);
}

/** In running text of Markdown: it is shown as it was typed. */
function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*[\]<&|~]/g, String.raw`\$&`)
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, String.raw`\_`)
    .replace(/^([ \t]*)([#>+=-])/gm, String.raw`$1\$2`)
    .replace(/^([ \t]*\d+)([.)])/gm, String.raw`$1\$2`);
}

/**
 * A text as YAML writes it: plain where every reader (YAML 1.1 of PyYAML and YAML 1.2) takes it for the same
 * text, and in double quotes elsewhere.
 */
export function yamlScalar(text: string): string {
  if (/^[A-Za-z][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*$/.test(text) && !WORDS.test(text)) return text;
  return JSON.stringify(text).replace(UNSEEN, unicodeEscape);
}

const WORDS = /^(y|n|yes|no|on|off|true|false|null)$/i;
