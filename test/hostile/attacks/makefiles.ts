/** A `wazo/rules` that is a Makefile: to know what its targets do, `wdev check` lets make read it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Attack, Guard } from '../attack.ts';
import type { Place, WdevRun } from '../place.ts';
import { ENCLOSED } from './sandbox.ts';

const TARGETS = 'build package install uninstall postrm: ; @:\n';

/** Checks a plugin whose rules begin with `lines`; `wazo/evil` in it is a program of the author's. */
async function check(place: Place, lines: string): Promise<WdevRun> {
  const plugin = path.join(place.folder, 'hello');
  mkdirSync(path.join(plugin, 'wazo'), { recursive: true });
  writeFileSync(path.join(plugin, 'wazo/plugin.yml'), "name: hello\nnamespace: demo\nversion: '1'\n");
  const evil = `#!/bin/sh\necho evil >>'${place.canary}'\n`;
  writeFileSync(path.join(plugin, 'wazo/evil'), evil, { mode: 0o755 });
  for (const [name, text] of Object.entries(PROGRAMS)) writeFileSync(path.join(plugin, 'wazo', name), text);
  const rules = `#!/usr/bin/make -f\n${lines.replaceAll('CANARY', place.canary)}\n${TARGETS}`;
  writeFileSync(path.join(plugin, 'wazo/rules'), rules, { mode: 0o755 });
  return await place.wdev(['check', plugin]);
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

const ENCLOSE = 'src/sandbox/enclose.js';
const ASK = 'src/stage/ask-make.js';
const BOUNDS = 'src/sandbox/bounds.js';
const PROCESSOR: Guard = { file: ASK, from: 'processorSeconds: left,', to: '' };
const WALL: Guard = { file: ASK, from: ' seconds: SECONDS,', to: '' };
const TIME: readonly [Guard, ...Guard[]] = [
  WALL,
  { file: BOUNDS, from: 'bound -t "$1";', to: '' },
  PROCESSOR,
];
const PROCESSES: Guard = { file: BOUNDS, from: 'bound -p "$2" || bound -u "$2"', to: '' };
const STACK: Guard = { file: BOUNDS, from: 'bound -s 1024;', to: '' };
const WRITES_COPY: Guard = { file: ASK, from: 'writable: [],', to: 'writable: [source],' };
const MEMORY: Guard = { file: BOUNDS, from: 'bound -d ${MEGABYTES * 1024};', to: '' };

const FILTER: Guard = {
  file: 'src/sandbox/filter.js',
  from: '...(readsOnly === true ? memoryOfNobody(machine) : []),',
  to: '',
};

/** Programs of the author's below wazo/. */
const PROGRAMS: Readonly<Record<string, string>> = {
  'keep.py': `import time
kept = []
try:
    for _ in range(60):
        kept.append(b'x' * 1000000)
except MemoryError:
    pass
time.sleep(600)
`,
  'share.py': `import mmap
mmap.mmap(-1, 200000000).write(b'x' * 1000000)
print('shared')
`,
  'count.py': `import time
while time.process_time() < 1.3:
    pass
`,
};

/** Makefiles that would fill the memory, the disk or the time of whoever checks it. */
const ENDLESS: readonly (readonly [name: string, guards: readonly [Guard, ...Guard[]], lines: string])[] = [
  ['includes /dev/zero', TIME, 'include /dev/zero'],
  ['includes a pipe', [...TIME, WRITES_COPY], 'X := $(shell mkfifo pipe)\n-include pipe'],
  ['waits for a program that does not end', TIME, 'X := $(shell while :; do :; done)'],
  ['calls a function in itself', [...TIME, MEMORY, STACK], 'f = $(call f,$(1)x)x\nX := $(call f,a)'],
  ['starts itself again and again', [...TIME, PROCESSES], 'X := $(shell $(MAKE) -f wazo/rules)'],
  ['has a value of two gigabytes', [MEMORY], 'X := $(shell head -c 2000000000 /dev/zero)'],
  [
    'starts many programs that take the memory that each of them gets, and keep it',
    [PROCESSES, MEMORY],
    'X := $(shell for i in $$(seq 40); do python3 wazo/keep.py & done; wait)',
  ],
  [
    'starts many programs that take the time that each of them gets',
    [PROCESSOR, WALL],
    `X := $(shell for i in 1 2 3 4 5 6 7 8; do (while :; do :; done) & done; wait)`,
  ],
  [
    'takes for each command a little less than one of them gets',
    [PROCESSOR, WALL],
    // some commands are read from /
    'X := $(shell python3 $(dir $(lastword $(MAKEFILE_LIST)))count.py)',
  ],
  [
    'fills the disk by many files',
    [WRITES_COPY],
    'X := $(shell for i in 1 2 3; do head -c 60000000 /dev/zero >$(dir $(lastword $(MAKEFILE_LIST)))file$$i; done)',
  ],
  [
    'fills the memory by files in /tmp',
    [
      {
        file: ENCLOSE,
        from: "for (const folder of [...TEMPORARY, '/dev/shm', '/dev'])",
        to: 'for (const folder of [])',
      },
      { file: ENCLOSE, from: "...(readsOnly ? ['still=1'] : []),", to: '' },
    ],
    'X := $(shell for i in 1 2 3; do head -c 60000000 /dev/zero >/dev/shm/file$$i; done)',
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
      const { status, stdout, stderr } = await check(place, lines);
      return status < 0 || stdout.includes('make -n stops in ')
        ? undefined
        : `nothing says so: ${stdout}${stderr}`;
    },
  })),
  {
    kind: 'hang',
    name: 'a Makefile as wazo/rules has programs that share memory, which counts for none of them',
    guards: [FILTER],
    async run(place) {
      const lines = 'X := $(shell python3 wazo/share.py)\n$(if $(X),$(error memory is $(X)))';
      const { stdout, stderr } = await check(place, lines);
      if (stdout.includes('memory is shared')) return 'memory is shared';
      return /1 plugin checked/.test(stdout) ? undefined : `it was not checked: ${stdout}${stderr}`;
    },
  },
];
