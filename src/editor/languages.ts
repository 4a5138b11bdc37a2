import { ASTERISK_CONF, DIALPLAN } from './dialplan-language.ts';
import { PACKAGING } from './entry-points.ts';
import type { Language } from './language.ts';
import { ANSWERS, MANIFEST, WDEV_YML } from './our-files.ts';
import { PYTHON } from './rights.ts';
import { RULES } from './rules-steps.ts';
import { SETTINGS } from './service-settings.ts';

/** Every kind of files that an editor is told something of, beside the findings that every file has. */
export const LANGUAGES: readonly Language[] = [
  DIALPLAN,
  ASTERISK_CONF,
  MANIFEST,
  RULES,
  SETTINGS,
  WDEV_YML,
  PACKAGING,
  PYTHON,
  ANSWERS,
];

/** The kind of a file, by its path or address. */
export function languageOf(file: string): Language | undefined {
  return LANGUAGES.find(({ takes }) => takes(file));
}
