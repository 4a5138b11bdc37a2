import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Attack } from './attack.ts';

const FOLDER = path.join(import.meta.dirname, 'attacks');

/** The attacks of each file below `attacks/`, which exports `ATTACKS`. */
export async function allAttacks(): Promise<readonly Attack[]> {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.ts'));
  const modules = await Promise.all(
    files
      .sort()
      .map(async (name) => (await import(path.join(FOLDER, name))) as { ATTACKS: readonly Attack[] }),
  );
  return modules.flatMap(({ ATTACKS }) => ATTACKS);
}
