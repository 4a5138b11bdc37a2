/** The template that a plugin was made by, in the version that it was made by. */

import path from 'node:path';
import { existsSync } from 'node:fs';
import { isKind, loadTemplate } from '../scaffold/load.ts';
import type { Template } from '../scaffold/template.ts';
import { UserError } from '../support/errors.ts';
import type { AnswersRecord } from './answers-file.ts';

/** Loads what a reference names; a folder may be given relative to the plugin. */
export function namedTemplate(reference: string, dir: string): Template {
  if (isKind(reference)) return loadTemplate(reference);
  const beside = path.resolve(dir, reference);
  const folder = existsSync(path.join(beside, 'template.yml')) ? beside : reference;
  return { ...loadTemplate(folder), name: reference };
}

/**
 * @param base where the old version is, when the person says so
 * @throws UserError `old-template-missing` when what is there is of another version
 */
export function recordedTemplate(record: AnswersRecord, dir: string, base: string | undefined): Template {
  const template = namedTemplate(base ?? record.template, dir);
  if (template.version === record.version) return { ...template, name: record.template };
  throw new UserError(
    'old-template-missing',
    `the plugin was made by version ${record.version} of ${record.template}, and ${base ?? record.template} is version ${template.version}`,
    { help: `Name a folder that holds version ${record.version}: --base FOLDER.` },
  );
}
