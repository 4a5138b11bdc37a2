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
} from '../plugin/names.ts';

/** What `valid:` of a question may name. Each takes the text of an answer. */
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
  'device-path': devicePathProblem,
  'positive-integer': positiveIntegerProblem,
  year: yearProblem,
};

function optional(check: (value: string) => Problem): (value: string) => Problem {
  return (value) => (value === '' ? undefined : check(value));
}

const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff]/;

/** Free text that may have several lines. */
function textProblem(value: string): Problem {
  if (value.trim() === '') return 'It is empty; a sentence is needed';
  if (CONTROL.test(value)) return 'It holds a control character; plain text is needed';
  if (/\p{Surrogate}/u.test(value))
    return 'It holds half of a character (a lone surrogate); plain text is needed';
  return value.length <= 2000 ? undefined : 'It is longer than 2000 characters';
}

function lineProblem(value: string): Problem {
  if (/[\n\t\u2028\u2029]/.test(value)) return 'It holds a line break or a tab; one line is needed';
  return textProblem(value);
}

function emailProblem(value: string): Problem {
  if (/^[^\s@<>"',;:\\]+@[^\s@<>"',;:\\]+$/.test(value)) return lineProblem(value);
  return `${JSON.stringify(value)} is not a mail address; right is name@example.org, or nothing`;
}

function licenseProblem(value: string): Problem {
  if (/^[A-Za-z0-9][A-Za-z0-9.+-]*$/.test(value) && !value.endsWith('\n')) return undefined;
  return `${JSON.stringify(value)} is not an SPDX licence id; right are "GPL-3.0-or-later" or "MIT"`;
}

function devicePathProblem(value: string): Problem {
  if (/^[A-Za-z0-9_./:-]+$/.test(value) && !value.endsWith('\n')) return undefined;
  return `${JSON.stringify(value)} is not a path of a device or file; right is "/dev/ttyUSB0" (or COM3 on Windows)`;
}

function positiveIntegerProblem(value: string): Problem {
  if (/^[1-9]\d{0,8}$/.test(value) && !value.endsWith('\n')) return undefined;
  return `${JSON.stringify(value)} is not a whole number above zero, like "9600"`;
}

function yearProblem(value: string): Problem {
  return /^\d{4}$/.test(value) ? undefined : `${JSON.stringify(value)} is not a year with four digits`;
}
