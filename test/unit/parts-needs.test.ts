import { mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { createPlugin } from '../../src/create/create.ts';
import { planBatch } from '../../src/effects/plan.ts';
import { effectLabel } from '../../src/effects/registry.ts';
import { run } from '../../src/support/run.ts';
import { loadTemplate } from '../../src/templates/load.ts';
import type { Effect } from '../../src/wazo/effect.ts';
import { matchPath } from '../../src/wazo/needs.ts';
import { SERVICES } from '../../src/wazo/services.ts';
import type { StagedFile } from '../../src/stage/tree.ts';
import { tempFolder } from '../support/temp.ts';

const PARTS = loadTemplate('stack').parts.map(({ name }) => name);
const FACTS = {
  units: new Set([...SERVICES.map(({ unit }) => unit), 'nginx']),
  hasAsterisk: true,
  runsRules: true,
};

/** The effects of installing a plugin of one part, and those that its files need by the table. */
interface Needs {
  readonly rules: string;
  readonly effects: readonly Effect[];
}

async function needsOf(part: string): Promise<Needs> {
  const dir = path.join(tempFolder(), 'plugin');
  const answers = { name: 'hello', namespace: 'demo', parts: [part] };
  await createPlugin({ template: 'stack', dir, git: false, answers });
  const root = path.join(dir, '_pkg');
  mkdirSync(root);
  for (const step of ['build', 'package']) {
    const done = await run(['wazo/rules', step], { cwd: dir, env: { pkgdir: root } });
    expect(done.status, done.stderr).toBe(0);
  }
  const put = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(path.join(root, name)).isFile())
    .map((name): StagedFile => {
      const bytes = readFileSync(path.join(root, name));
      return { path: `/${name}`, mode: 0o644, hash: name, bytes };
    });
  const plan = planBatch(
    [
      {
        plugin: { kind: 'stack', dir, id: 'demo/hello', name: 'hello', namespace: 'demo', version: '1' },
        tree: new Map(put.map((file) => [file.path, file])),
        difference: { put, removed: [] },
        oldEntryPoints: [],
      },
    ],
    FACTS,
  );
  return {
    rules: readFileSync(path.join(dir, 'wazo/rules'), 'utf8'),
    effects: plan.effects.map(({ effect }) => effect),
  };
}

/** The words behind a command of wazo/rules, in order. */
function said(rules: string, command: RegExp): readonly string[] {
  return [...rules.matchAll(command)].map(([, words = '']) => words).sort();
}

it.each(PARTS)(
  '%s names the restarts, reloads and commands that its files need by src/wazo/needs.ts',
  async (part) => {
    const { rules, effects } = await needsOf(part);
    const labels = (kind: Effect['do']): readonly string[] =>
      effects
        .filter((effect) => effect.do === kind)
        .map(effectLabel)
        .sort();
    expect(said(rules, /^ {4}restart (\S+)/gm).map((unit) => `restart ${unit}`)).toEqual(labels('restart'));
    const generated = labels('generate').map((label) => label.slice('generate '.length));
    // Asterisk is told by its name of a generated file that no row of the table knows
    const unknown = generated.map((file) => `/etc/${file}`).filter((file) => matchPath(file) === undefined);
    const told = [...labels('console'), ...unknown.map((file) => `config reload ${file}`)];
    expect(said(rules, /^ {4}tell_asterisk "(.*)"$/gm)).toEqual(told.sort());
    for (const command of labels('command')) expect(rules).toContain(command);
    for (const file of generated) expect(rules).toContain(`wazo-confgen ${file}`);
  },
);
