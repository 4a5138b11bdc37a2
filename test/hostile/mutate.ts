/**
 * `npm run hostile:guards [WORD…]`: runs each attack (whose kind or name holds a WORD) against a copy of the product in
 * which its guards are switched off, and writes to shown.json what was seen. Each must get through: else the attack, or
 * the guard that it names, is no proof. Without a word: those that shown.json lacks, or has with other guards.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packageRoot } from '../../src/support/paths.ts';
import { allAttacks } from './all.ts';
import type { Attack, Guard } from './attack.ts';
import { compiled } from './compiled.ts';
import { inPlace } from './place.ts';
import { SHOWN_FILE, guardsOf, isShown, readShown, type Shown } from './shown.ts';

const words = process.argv.slice(2);

/** Made once; a mutant is a copy of it with one file or two replaced. */
const whole = mkdtempSync(path.join(tmpdir(), 'wdev-compiled-'));
process.on('exit', () => rmSync(whole, { recursive: true, force: true }));
for (const folder of ['src', 'generators']) {
  const names = readdirSync(path.join(packageRoot(), folder), { recursive: true, encoding: 'utf8' });
  for (const name of names.filter((each) => each.endsWith('.ts'))) {
    const file = path.join(folder, name.replace(/ts$/, 'js'));
    mkdirSync(path.join(whole, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(whole, file), compiled(file));
  }
}

// what is built of other sources, and has no guard of an attack
const live = path.join(packageRoot(), 'dist/live');
if (existsSync(live)) cpSync(live, path.join(whole, 'live'), { recursive: true });

/** A copy of the package without the guards of an attack; the caller removes it. */
function withoutGuards(guards: readonly Guard[]): string {
  const root = mkdtempSync(path.join(tmpdir(), 'wdev-mutant-'));
  cpSync(whole, path.join(root, 'dist'), { recursive: true });
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

/** On one line, without what differs from run to run. */
function told(evidence: string): string {
  const line = evidence
    .replaceAll(/\S*\/wdev-hostile-\w+\/(?:work\/)?/g, '')
    .replaceAll(/\/tmp\/[\w./-]+|\d{6,}/g, '…')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

function record(attack: Attack, seen: string | undefined): void {
  const { [attack.name]: _before, ...others } = readShown();
  const now: Record<string, Shown> =
    seen === undefined
      ? others
      : {
          ...others,
          [attack.name]: { guards: guardsOf(attack), seen, on: new Date().toISOString().slice(0, 10) },
        };
  const rows = attacks.filter(({ name }) => now[name] !== undefined);
  writeFileSync(
    SHOWN_FILE,
    `${JSON.stringify(Object.fromEntries(rows.map(({ name }) => [name, now[name]])), undefined, 2)}\n`,
  );
}

const attacks = await allAttacks();
const shown = readShown();
const wanted = attacks.filter((attack) =>
  words.length === 0
    ? !isShown(attack, shown)
    : words.some((word) => `${attack.kind}: ${attack.name}`.includes(word)),
);
let held = 0;
for (const attack of wanted) {
  const began = performance.now();
  const evidence = await tryWithout(attack);
  const seen = evidence === undefined ? undefined : told(evidence);
  if (seen === undefined) held += 1;
  record(attack, seen);
  const what = seen === undefined ? 'STILL HELD' : `got through: ${seen}`;
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  process.stdout.write(`${attack.kind}: ${attack.name} (${seconds} s)\n  ${what}\n`);
}
const open = attacks.filter((attack) => !isShown(attack, readShown())).length;
process.stdout.write(
  `${wanted.length} attacks without their guards, ${held} still held; of ${attacks.length} in all, ${open} are not shown\n`,
);
process.exitCode = held === 0 ? 0 : 1;
