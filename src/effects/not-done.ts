import { serviceOf } from '../wazo/services.ts';

/** How the answer begins of a restart that no service received (targets/far-end/services.sh). */
export const NOT_DONE = 'not restarted: ';

/** Why a service of the embedded stack is only a record, and where there is one that runs. */
export function notEmbedded(unit: string): string {
  const there = `${unit} does not run in the embedded stack`;
  if (serviceOf(unit) === undefined) return there;
  return `${there}; a stack that has it: wdev stack up --kind wazo --with ${unit.replace(/^wazo-/, '')}`;
}
