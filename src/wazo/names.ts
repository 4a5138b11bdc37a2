/**
 * Names that a plugin is made of, and who accepts them. Pure; each `…Problem` function returns undefined for
 * a good value and otherwise a sentence that says what is wrong and what would be right.
 */

export type Problem = string | undefined;

/** `wazo/plugin.yml`, name (wazo-plugind, validation step). */
export function pluginNameProblem(value: string): Problem {
  if (value === '') return 'A name is needed, like "hello" or "call-notes"';
  if (!/^[a-z0-9-]+$/.test(value) || value.endsWith('\n')) {
    return `invalid name ${quote(value)}: use lower-case letters, digits and hyphens${suggest(kebab(value))}`;
  }
  if (!/^[a-z0-9].*[a-z0-9]$|^[a-z0-9]$/.test(value) || value.includes('--')) {
    return `The name ${quote(value)} must begin and end with a letter or digit, without two hyphens in a row${suggest(kebab(value))}`;
  }
  return tooLong('name', value, 60);
}

/** `wazo/plugin.yml`, namespace (wazo-plugind, validation step): no hyphen here. */
export function namespaceProblem(value: string): Problem {
  if (value === '') return 'A namespace is needed: one word for the author or company, like "acme"';
  if (!/^[a-z0-9]+$/.test(value) || value.endsWith('\n')) {
    const plain = kebab(value).replaceAll('-', '');
    return `invalid namespace ${quote(value)}: use lower-case letters and digits, no hyphen${suggest(plain)}`;
  }
  return tooLong('namespace', value, 40);
}

/** A version that Debian's dpkg accepts (deb-version): it begins with a digit. */
export function debianVersionProblem(value: string): Problem {
  const body = value.replace(/^\d+:/, '');
  if (/^\d[A-Za-z0-9.+~-]*$/.test(body) && !value.endsWith('\n') && !body.endsWith('-')) return undefined;
  return `Invalid version ${quote(value)}: a Debian version must start with a digit and have only letters, digits and . + ~ -, like "0.1.0"`;
}

/** A version that Python's packaging accepts (PEP 440), without its rarer forms. */
export function pythonVersionProblem(value: string): Problem {
  if (/^\d+(\.\d+)*((a|b|rc)\d+)?(\.post\d+)?(\.dev\d+)?$/.test(value) && !value.endsWith('\n'))
    return undefined;
  return `The version ${quote(value)} is not a Python package version: use one like "0.1.0", "1.2rc1" or "1.2.post1"`;
}

/** The package that wazo-plugind makes (control file). */
export function debianPackageName(namespace: string, name: string): string {
  return `wazo-plugind-${name}-${namespace}`;
}

/** Where Debian's Python finds the packages of other Debian packages. */
export const DIST_PACKAGES = '/usr/lib/python3/dist-packages';

/** Where wazo-plugind keeps a plugin's `wazo` folder (packaging step). */
export function installedHome({
  namespace,
  name,
}: {
  readonly namespace: string;
  readonly name: string;
}): string {
  return `/usr/lib/wazo-plugind/plugins/${namespace}/${name}`;
}

/** A Wazo version; plugind compares it as text, so both parts have two digits. */
export function wazoVersionProblem(value: string): Problem {
  if (/^\d{2}\.\d{2}$/.test(value)) return undefined;
  return `${quote(value)} is not a Wazo version: use YY.NN, like "24.01"`;
}

const PYTHON_WORDS = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for ' +
    'from global if import in is lambda nonlocal not or pass raise return try while with yield match case type'
  ).split(' '),
);

/** A Python module or package name. */
export function pythonNameProblem(value: string): Problem {
  if (PYTHON_WORDS.has(value)) return `${quote(value)} is a reserved word of Python; another name is needed`;
  if (/^[a-z_][a-z0-9_]*$/.test(value) && !value.endsWith('\n')) return undefined;
  return `${quote(value)} is not a Python module name: use lower-case letters, digits and underscores${suggest(snake(value))}`;
}

/** A Python class name. */
export function classNameProblem(value: string): Problem {
  if (PYTHON_WORDS.has(value))
    return `${quote(value)} is a reserved word of Python; another class name is needed`;
  if (/^[A-Z][A-Za-z0-9_]*$/.test(value) && !value.endsWith('\n')) return undefined;
  return `${quote(value)} is not a class name: use a capital letter, then letters, digits and underscores${suggest(pascal(value))}`;
}

const CALL_LOGGER_CLASSES = new Set(['plugin', 'serialplugin', 'record']);

/** A call-logger plugin's class: it is registered under its lower-cased name. */
export function callLoggerClassProblem(value: string): Problem {
  if (CALL_LOGGER_CLASSES.has(value.toLowerCase())) {
    return `${quote(value)} is a name of the call logger itself; another class name is needed`;
  }
  return classNameProblem(value);
}

const YAML_WORDS = new Set(['y', 'n', 'yes', 'no', 'on', 'off', 'true', 'false', 'null']);

/** A driver's entry point name (wazo-confgend): never the stock drivers' own, which would make both vanish. */
export function driverNameProblem(value: string): Problem {
  if (value.toLowerCase() === 'wazo') {
    return 'The driver must not be named "wazo": Wazo\'s own drivers have that name, and two of one name make both vanish';
  }
  if (PYTHON_WORDS.has(value))
    return `${quote(value)} is a reserved word of Python; another driver name is needed`;
  if (YAML_WORDS.has(value))
    return `YAML reads ${value} as a value, not as a name; another driver name is needed`;
  if (/^[a-z][a-z0-9_]*$/.test(value) && !value.endsWith('\n')) return undefined;
  return `invalid driver name ${quote(value)}: use lower-case letters, digits and underscores, with a letter first${suggest(snake(value))}`;
}

/** First part of what wazo-confgend is asked for: `asterisk` in `asterisk/pjsip.conf`. */
export function resourceProblem(value: string): Problem {
  if (/^[a-z][a-z0-9_]*$/.test(value) && !value.endsWith('\n')) return undefined;
  return `invalid resource ${quote(value)}: use lower-case letters, digits and underscores; "asterisk" is the usual one`;
}

/** Second part of what wazo-confgend is asked for: `pjsip.conf` in `asterisk/pjsip.conf`. */
export function generatedFileProblem(value: string): Problem {
  if (/^[A-Za-z0-9_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*$/.test(value) && !value.endsWith('\n'))
    return undefined;
  return `The file name ${quote(value)} is one name without a folder, of letters, digits, dots, hyphens and underscores, like "musiconhold.conf"`;
}

/** An extension of the dialplan: what may be dialled, or a pattern that begins with an underscore. */
export function extensionProblem(value: string): Problem {
  if (value.startsWith('_')) return patternProblem(value);
  if (/^[a-zA-Z]$/.test(value)) {
    return `The extension ${quote(value)} is one of Asterisk's special ones; choose what a phone can dial, like "***42"`;
  }
  if (/^[0-9A-Za-z*#+]{1,79}$/.test(value) && !value.endsWith('\n')) return undefined;
  return `invalid extension ${quote(value)}: use at most 79 digits, letters, *, # or +, like "***42"; or a pattern that begins with _, like "_*77X."`;
}

function patternProblem(value: string): Problem {
  const body = value.slice(1).replace(/[.!]$/, '');
  if (body === '' || value.length > 79) {
    return `The pattern ${quote(value)} ${body === '' ? 'would take every call' : 'is longer than 79'}; begin it with what is dialled, like "_*77X."`;
  }
  if (/^([0-9A-Za-z*#+]|\[[0-9A-Za-z*#+]+(-[0-9A-Za-z*#+]+)*\])+$/.test(body)) return undefined;
  return `The pattern ${quote(value)} may only hold what is dialled, X, Z, N, sets like [1-5] and one . or ! at its end`;
}

/** A context of the dialplan. */
export function contextProblem(value: string): Problem {
  if (value === 'general' || value === 'globals') {
    return `[${value}] is a section with settings, not a context; "xivo-extrafeatures" is reachable from every internal context`;
  }
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,78}$/.test(value) && !value.endsWith('\n')) return undefined;
  return `The context ${quote(value)} may only hold letters, digits, hyphens and underscores, at most 79`;
}

/** Every case of a plugin's name that files and code use. */
export interface NameForms {
  /** `acme-hello` */
  readonly kebab: string;
  /** `acme_hello`, a Python identifier */
  readonly snake: string;
  /** `AcmeHello`, a Python class name */
  readonly pascal: string;
  /** `ACME_HELLO` */
  readonly upper: string;
}

/** Names for a plugin. A namespace that begins with a digit gets `wazo` before it where Python reads it. */
export function nameForms(namespace: string, name: string): NameForms {
  const plain = `${namespace}-${name}`;
  const safe = /^[0-9]/.test(plain) ? `wazo-${plain}` : plain;
  return { kebab: plain, snake: snake(safe), pascal: pascal(safe), upper: snake(safe).toUpperCase() };
}

export function kebab(text: string): string {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

function snake(text: string): string {
  return kebab(text).replaceAll('-', '_');
}

export function pascal(text: string): string {
  return kebab(text)
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}

function quote(value: string): string {
  return JSON.stringify(value);
}

function suggest(value: string): string {
  return value === '' ? '' : `, like "${value}"`;
}

function tooLong(what: string, value: string, limit: number): Problem {
  return value.length <= limit ? undefined : `The ${what} is longer than ${limit} characters`;
}
