/** A `wazo/rules` that is a Makefile: to know what its targets do, `wdev check` lets make read it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Attack, Guard } from '../attack.ts';
import type { Place, WdevRun } from '../place.ts';
import { ENCLOSED } from './sandbox.ts';

const TARGETS = 'build package install uninstall postrm: ; @:\n';

/** Checks a plugin whose rules begin with `lines`; `wazo/evil` in it is a program of the author's. */
async function check(place: Place, lines: string, hangs?: number): Promise<WdevRun> {
  const plugin = path.join(place.folder, 'hello');
  mkdirSync(path.join(plugin, 'wazo'), { recursive: true });
  writeFileSync(path.join(plugin, 'wazo/plugin.yml'), "name: hello\nnamespace: demo\nversion: '1'\n");
  const evil = `#!/bin/sh\necho evil >>'${place.canary}'\n`;
  writeFileSync(path.join(plugin, 'wazo/evil'), evil, { mode: 0o755 });
  const rules = `#!/usr/bin/make -f\n${lines.replaceAll('CANARY', place.canary)}\n${TARGETS}`;
  writeFileSync(path.join(plugin, 'wazo/rules'), rules, { mode: 0o755 });
  return await place.wdev(['check', plugin], hangs === undefined ? {} : { hangs });
}

/** The ways in which make runs a program, or writes, although it is asked with -n. */
const WRITES: Readonly<Record<string, string>> = {
  '$(shell …)': 'X := $(shell echo x >>CANARY)',
  '!=': 'X != echo x >>CANARY',
  SHELL: 'SHELL = wazo/evil\nX := $(shell :)',
  '.SHELLFLAGS': '.SHELLFLAGS = wazo/evil\nX := $(shell :)',
  'a line that begins with +': 'build: more\nmore: ; +echo x >>CANARY',
  'a line that names $(MAKE)': 'build: more\nmore: ; : $(MAKE); echo x >>CANARY',
  'a file that is made to be included': 'include made.mk\nmade.mk: ; echo x >>CANARY; touch made.mk',
  '$(file …)': '$(file >>CANARY,x)',
};

const ASK = 'src/stage/ask-make.js';
const BOUNDS = 'src/sandbox/bounds.js';
const TIME: readonly [Guard, Guard] = [
  { file: ASK, from: 'seconds: SECONDS,', to: '' },
  { file: BOUNDS, from: 'bound -t "$1";', to: '' },
];

/** Makefiles that would fill the memory, the disk or the time of whoever checks it. */
const ENDLESS: readonly (readonly [name: string, guards: readonly [Guard, ...Guard[]], lines: string])[] = [
  ['includes /dev/zero', TIME, 'include /dev/zero'],
  ['includes a pipe', TIME, 'X := $(shell mkfifo pipe)\n-include pipe'],
  ['waits for a program that does not end', TIME, 'X := $(shell while :; do :; done)'],
  ['calls a function in itself', TIME, 'f = $(call f,$(1)x)x\nX := $(call f,a)'],
  [
    'starts itself again and again',
    [...TIME, { file: BOUNDS, from: 'bound -p "$2" || bound -u "$2"', to: '' }],
    'X := $(shell $(MAKE) -f wazo/rules)',
  ],
  [
    'has a value of two gigabytes',
    [{ file: BOUNDS, from: 'bound -d 131072;', to: '' }],
    'X := $(shell head -c 2000000000 /dev/zero)',
  ],
  [
    'fills the disk',
    [{ file: BOUNDS, from: 'bound -f 131072;', to: '' }],
    'X := $(shell head -c 100000000 /dev/zero >file)',
  ],
];

export const ATTACKS: readonly Attack[] = [
  ...Object.entries(WRITES).map(([by, lines]): Attack => ({
    kind: 'sandbox',
    name: `a Makefile as wazo/rules writes elsewhere when check has make read it, by ${by}`,
    guards: ENCLOSED,
    async run(place) {
      const { stdout, stderr } = await check(place, lines);
      return /1 plugin checked/.test(stdout) ? undefined : `it was not checked: ${stdout}${stderr}`;
    },
  })),
  ...ENDLESS.map(([what, guards, lines]): Attack => ({
    kind: 'hang',
    name: `a Makefile as wazo/rules ${what}`,
    guards,
    async run(place) {
      const { status, stdout, stderr } = await check(place, lines, 60);
      return status < 0 || stdout.includes('make does not come to the end of build')
        ? undefined
        : `nothing says so: ${stdout}${stderr}`;
    },
  })),
];
