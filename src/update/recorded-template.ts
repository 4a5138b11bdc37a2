/** The template that a plugin was made by, as it was then and as it is now. */

import { recordedIn } from '../create/create.ts';
import type { Template } from '../templates/template.ts';
import { fetchTemplate } from '../templates/fetch.ts';
import { UserError } from '../support/errors.ts';
import type { AnswersRecord } from './answers-file.ts';

/** Loads what a reference names; `cwd` is where a relative folder begins. */
export async function namedTemplate(
  reference: string,
  dir: string,
  { cwd, offline }: { readonly cwd?: string; readonly offline?: boolean },
): Promise<Template> {
  const place = cwd === undefined ? {} : { cwd };
  return recordedIn(dir, await fetchTemplate(reference, { ...place, offline: offline ?? false }));
}

/**
 * @param base where the old version is, when the person says so
 * @throws UserError `old-template-missing` when it is neither there nor in the cache
 */
export async function recordedTemplate(
  record: AnswersRecord,
  dir: string,
  { base, offline }: { readonly base?: string | undefined; readonly offline?: boolean | undefined },
): Promise<Template> {
  try {
    const template =
      base === undefined
        ? recordedIn(dir, await fetchPinned(record, dir, offline ?? false))
        : await namedTemplate(base, dir, {});
    if (template.version === record.version) return { ...template, name: record.template };
    throw missing(record, `${base ?? record.template} is version ${template.version}`);
  } catch (error) {
    if (!(error instanceof UserError) || !['pin-mismatch', 'unknown-template'].includes(error.code))
      throw error;
    throw missing(record, error.message);
  }
}

async function fetchPinned(
  record: AnswersRecord,
  dir: string,
  offline: boolean,
): ReturnType<typeof fetchTemplate> {
  const pin = record.pin === undefined ? {} : { pin: record.pin };
  return await fetchTemplate(record.template, { cwd: dir, offline, ...pin });
}

function missing({ template, version }: AnswersRecord, why: string): UserError {
  return new UserError(
    'old-template-missing',
    `the plugin was made by version ${version} of ${template}, which is not there: ${why}`,
    { help: `Name a folder that holds version ${version}: --base FOLDER.` },
  );
}
