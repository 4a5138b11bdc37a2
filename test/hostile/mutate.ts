/**
 * `npm run hostile:guards [WORD…]`: runs each attack (whose name or kind holds a WORD) against a copy of the product in
 * which its guards are switched off. Each must get through: else the attack, or the guard that it names, is no proof.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { packageRoot } from '../../src/support/paths.ts';
import { allAttacks } from './all.ts';
import type { Attack, Guard } from './attack.ts';
import { inPlace } from './place.ts';

const words = process.argv.slice(2);

/** Compiled file by file, where a guard can be found and switched off. */
const compiled = mkdtempSync(path.join(tmpdir(), 'wdev-compiled-'));
process.on('exit', () => rmSync(compiled, { recursive: true, force: true }));
await execa('npx', ['--no-install', 'tsc', '-p', '.', '--outDir', compiled], { cwd: packageRoot() });

/** A copy of the package without the guards of an attack; the caller removes it. */
function withoutGuards(guards: readonly Guard[]): string {
  const root = mkdtempSync(path.join(tmpdir(), 'wdev-mutant-'));
  cpSync(compiled, path.join(root, 'dist'), { recursive: true });
  for (const name of ['node_modules', 'templates', 'src', 'package.json']) {
    symlinkSync(path.join(packageRoot(), name), path.join(root, name));
  }
  for (const { file, from, to } of guards) {
    const full = path.join(root, 'dist', file);
    const text = readFileSync(full, 'utf8');
    if (text.split(from).length !== 2) throw new Error(`${file} has not one ${from}`);
    writeFileSync(
      full,
      text.replace(from, () => to),
    );
  }
  return root;
}

async function tryWithout(attack: Attack): Promise<string | undefined> {
  const root = withoutGuards(attack.guards);
  try {
    return await inPlace(path.join(root, 'dist/src/bin.js'), async (place) => await attack.run(place));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const attacks = (await allAttacks()).filter(
  ({ kind, name }) => words.length === 0 || words.some((word) => `${kind}: ${name}`.includes(word)),
);
let held = 0;
for (const attack of attacks) {
  const evidence = await tryWithout(attack);
  if (evidence === undefined) held += 1;
  const what =
    evidence === undefined ? 'STILL HELD' : `got through: ${evidence.replaceAll(/\s+/g, ' ').slice(0, 120)}`;
  process.stdout.write(`${attack.kind}: ${attack.name}\n  ${what}\n`);
}
process.stdout.write(`${attacks.length} attacks without their guards, ${held} still held\n`);
process.exitCode = held === 0 ? 0 : 1;
