import currentLicenses from 'spdx-license-ids/index.json' with { type: 'json' };
import oldLicenses from 'spdx-license-ids/deprecated.json' with { type: 'json' };
import {
  callLoggerClassProblem,
  classNameProblem,
  contextProblem,
  debianVersionProblem,
  driverNameProblem,
  extensionProblem,
  generatedFileProblem,
  namespaceProblem,
  pluginNameProblem,
  pythonNameProblem,
  pythonVersionProblem,
  resourceProblem,
  wazoVersionProblem,
  type Problem,
} from '../wazo/names.ts';
import { nearest } from '../support/nearest.ts';
import { hasSecret } from '../support/secrets.ts';

/** The validators that `valid:` of a question may name. Each takes the text of an answer. */
export const VALIDATORS: Readonly<Record<string, (value: string) => Problem>> = {
  'plugin-name': pluginNameProblem,
  namespace: namespaceProblem,
  'debian-version': debianVersionProblem,
  'python-version': pythonVersionProblem,
  'wazo-version': optional(wazoVersionProblem),
  'python-name': pythonNameProblem,
  'class-name': classNameProblem,
  'call-logger-class': callLoggerClassProblem,
  driver: driverNameProblem,
  resource: resourceProblem,
  filename: generatedFileProblem,
  extension: extensionProblem,
  context: contextProblem,
  text: textProblem,
  line: lineProblem,
  'optional-line': optional(lineProblem),
  email: optional(emailProblem),
  license: licenseProblem,
  branch: branchProblem,
  subfolder: optional(subfolderProblem),
  'device-path': devicePathProblem,
  'positive-integer': positiveIntegerProblem,
  year: yearProblem,
  url: optional(urlProblem),
  'plugin-references': optional(pluginReferencesProblem),
  'debian-packages': debianPackagesProblem,
  acl: aclProblem,
  'setting-key': settingKeyProblem,
  'asterisk-folder': asteriskFolderProblem,
  'asterisk-section': asteriskSectionProblem,
  'asterisk-setting': asteriskSettingProblem,
  calendar: calendarProblem,
  vendor: vendorProblem,
  sound: soundProblem,
};

function optional(check: (value: string) => Problem): (value: string) => Problem {
  return (value) => (value === '' ? undefined : check(value));
}

const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff]/;

/** Free text that may have several lines. */
function textProblem(value: string): Problem {
  if (value.trim() === '') return 'A text is needed';
  if (CONTROL.test(value)) return 'It holds a control character; plain text is needed';
  if (hasSecret(value))
    return 'It holds credentials, which would end up in the files of the plugin; remove them';
  if (/[\ud800-\udfff]/u.test(value))
    return 'It holds half of a character (a lone surrogate); plain text is needed';
  return value.length <= 2000 ? undefined : 'It is longer than 2000 characters';
}

function lineProblem(value: string): Problem {
  if (/[\n\t\u2028\u2029]/.test(value)) return 'It holds a line break or a tab; one line is needed';
  return textProblem(value);
}

function emailProblem(value: string): Problem {
  if (/^[^\s@<>"',;:\\]+@[^\s@<>"',;:\\]+$/.test(value)) return lineProblem(value);
  return `${JSON.stringify(value)} is not an email address: use name@example.org, or leave it empty`;
}

function licenseProblem(value: string): Problem {
  const current: readonly string[] = currentLicenses;
  if (current.includes(value)) return undefined;
  const known = [...current, ...oldLicenses];
  if (known.includes(value)) return undefined;
  const meant =
    known.find((id) => id.toLowerCase() === value.toLowerCase()) ??
    nearest(value, known) ??
    'GPL-3.0-or-later';
  return `${JSON.stringify(value)} is not an SPDX licence id; did you mean "${meant}"? (https://spdx.org/licenses)`;
}

function devicePathProblem(value: string): Problem {
  if (/^[A-Za-z0-9_./:-]+$/.test(value) && !value.endsWith('\n')) return undefined;
  return `${JSON.stringify(value)} is not the path of a device or file: use one like "/dev/ttyUSB0" (COM3 on Windows)`;
}

function positiveIntegerProblem(value: string): Problem {
  if (/^[1-9]\d{0,8}$/.test(value) && !value.endsWith('\n')) return undefined;
  return `${JSON.stringify(value)} is not a whole number above zero, like "9600"`;
}

function yearProblem(value: string): Problem {
  return /^\d{4}$/.test(value) ? undefined : `${JSON.stringify(value)} is not a year with four digits`;
}

function urlProblem(value: string): Problem {
  if (/^https?:\/\/[^\s"'<>\\]+$/.test(value)) return textProblem(value);
  return `${JSON.stringify(value)} is not a URL: use one like "https://example.org/my-plugin"`;
}

function pluginReferencesProblem(value: string): Problem {
  for (const entry of value.split(',').map((part) => part.trim())) {
    const [, namespace, name, version] = /^([^/]*)\/([^=]*)(?:=(.*))?$/.exec(entry) ?? [];
    if (namespace === undefined || name === undefined) {
      return `${JSON.stringify(entry)} is not a plugin: use "namespace/name" or "namespace/name=1.0"`;
    }
    const problem =
      namespaceProblem(namespace) ??
      pluginNameProblem(name) ??
      (version === undefined ? undefined : debianVersionProblem(version));
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function debianPackagesProblem(value: string): Problem {
  const pattern = /^[a-z0-9][a-z0-9+.-]+( \((<<|<=|=|>=|>>) [0-9][A-Za-z0-9.+~:-]*\))?$/;
  const wrong = value.split(',').find((part) => !pattern.test(part.trim()));
  if (wrong === undefined) return undefined;
  return `${JSON.stringify(wrong.trim())} is not a Debian package: use "sox" or "sox (>= 14.4)", separated by commas`;
}

function aclProblem(value: string): Problem {
  if (/^[a-z][a-z0-9-]*(\.([A-Za-z0-9_-]+|\*|#|\{[a-z_]+\}))+$/.test(value) && !value.endsWith('\n'))
    return undefined;
  return `${JSON.stringify(value)} is not an ACL: use "service.resource.verb", like "calld.calls.read"`;
}

function settingKeyProblem(value: string): Problem {
  if (/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(value) && value.length > 1) {
    return /^(yes|no|on|off|true|false|null)$/.test(value)
      ? `YAML reads ${value} as a value, not as a name`
      : undefined;
  }
  return `${JSON.stringify(value)} is not the name of a setting: use one like "log_level"`;
}

function asteriskFolderProblem(value: string): Problem {
  if (/^[a-z][a-z0-9_]*$/.test(value) && !value.endsWith('\n')) return undefined;
  return `${JSON.stringify(value)} is not the name of a folder: use "ccss" for /etc/asterisk/ccss.d`;
}

function asteriskSectionProblem(value: string): Problem {
  if (/^\[[A-Za-z0-9_-]+\](\(\+\))?$/.test(value)) return undefined;
  return `${JSON.stringify(value)} is not a section: use "[name]", or "[general](+)" to add to one`;
}

function asteriskSettingProblem(value: string): Problem {
  if (/^[A-Za-z0-9_.-]+ *=[^;\n\r#]+$/.test(value)) return lineProblem(value);
  return `${JSON.stringify(value)} is not a setting: use "name = value", without a semicolon`;
}

function calendarProblem(value: string): Problem {
  if (/^[A-Za-z0-9*.,:/~ -]+$/.test(value) && value.trim() !== '') return undefined;
  return `${JSON.stringify(value)} is not a systemd calendar time: use "hourly", "daily" or "Mon *-*-* 03:00:00"`;
}

function vendorProblem(value: string): Problem {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(value)) return undefined;
  return `${JSON.stringify(value)} is not one word of letters, digits and hyphens, like "Acme"`;
}

function soundProblem(value: string): Problem {
  if (/^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/.test(value)) return undefined;
  return `${JSON.stringify(value)} is not a sound: use its name without an extension, like "custom/closed"`;
}

/** A name that git takes for a branch (git check-ref-format), and that a shell and a URL take as it is. */
function branchProblem(value: string): Problem {
  if (!/^[A-Za-z0-9_][\w./-]*$/.test(value))
    return `The branch "${value}" may hold letters, digits and . _ - /`;
  if (/\.\.|\/\/|\/\.|\.lock(\/|$)|[./]$/.test(value)) return `git does not take the branch "${value}"`;
  return undefined;
}

/** A path below a repository's root, as a shell and JSON take it between quotes. */
function subfolderProblem(value: string): Problem {
  const names = value.split('/');
  const isPath = names.every((name) => name !== '' && name !== '.' && name !== '..');
  if (isPath && !/["'`$\\]/.test(value)) return lineProblem(value);
  return `${JSON.stringify(value)} is not a folder of a repository: use one like "plugins/hello", or leave it empty for its root`;
}
