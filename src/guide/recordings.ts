import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { run } from '../support/run.ts';
import { withoutAnsi } from './ansi.ts';
import { readText } from '../support/read-file.ts';

/** A terminal as a person saw it: what was typed, and what came. */
export interface Recording {
  readonly id: string;
  readonly title: string;
  /** With the colours of the terminal. */
  readonly text: string;
}

interface Scene {
  readonly id: string;
  readonly title: string;
  readonly commands: readonly string[];
  /** Exit statuses that the commands shall have; 0 by default. */
  readonly status?: readonly number[];
  /** A line of a file that an editor changes before. */
  readonly edit?: readonly [file: string, before: string, after: string];
}

const DIALPLAN = 'hello/etc/asterisk/extensions_extra.d/demo-hello.conf';

/** The recordings, one after the other, in one folder. */
const SCENES: readonly Scene[] = [
  {
    id: 'new',
    title: 'A new plugin',
    commands: ['new stack hello --namespace demo --part dialplan --yes'],
  },
  { id: 'watch', title: 'A save', commands: ['watch hello --once'] },
  {
    id: 'trace',
    title: 'A call, without a server',
    commands: ['dialplan trace hello xivo-extrafeatures,***42'],
  },
  { id: 'why', title: 'From the source to the running system', commands: ['why hello'] },
  {
    id: 'check',
    title: 'A mistake, and its line',
    edit: [DIALPLAN, 'same = n,Hangup()', 'same n,Hangup()'],
    commands: ['check hello'],
    status: [1],
  },
  {
    id: 'broken',
    title: 'The same mistake, saved',
    commands: ['watch hello --once'],
    status: [1],
  },
  { id: 'restore', title: 'The target as it was', commands: ['restore'] },
  {
    id: 'build',
    title: 'The package',
    edit: [DIALPLAN, 'same n,Hangup()', 'same = n,Hangup()'],
    commands: ['build hello'],
  },
  { id: 'events', title: 'Events for programs', commands: ['watch hello --once --json'] },
  { id: 'tour', title: 'wdev tour --auto', commands: ['tour --auto'] },
];

/**
 * Runs every scene with this very tool, and answers what the terminal showed.
 * @throws Error when a command ends with another exit status than the scene says
 */
export async function record(self: readonly [string, ...string[]]): Promise<readonly Recording[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'wdev-record-'));
  const environment = { ...NEUTRAL, FORCE_COLOR: '1', NO_COLOR: undefined, TMPDIR: folder };
  const recordings: Recording[] = [];
  try {
    for (const scene of SCENES) {
      if (scene.edit !== undefined) edit(path.join(folder, scene.edit[0]), scene.edit[1], scene.edit[2]);
      const shown: string[] = [];
      for (const [index, command] of scene.commands.entries()) {
        const { status, stdout, stderr } = await run([...self, ...command.split(' ')], {
          cwd: folder,
          env: environment,
        });
        const wanted = scene.status?.[index] ?? 0;
        if (status !== wanted)
          throw new Error(`wdev ${command}: status ${status}, not ${wanted}\n${stdout}${stderr}`);
        shown.push(
          `\u001b[2m$\u001b[22m \u001b[1mwdev ${command}\u001b[22m\n${stdout}${wanted === 0 ? '' : stderr}`,
        );
      }
      const text = shown.join('\n').replaceAll(folder, '~').trimEnd();
      recordings.push({ id: scene.id, title: scene.title, text });
    }
    return recordings;
  } finally {
    await run([...self, 'stack', 'down', '--kind', 'embedded'], { cwd: folder, env: environment });
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The recordings without colour, as one text. */
export function sessionText(recordings: readonly Recording[]): string {
  return recordings.map(({ title, text }) => `## ${title}\n\n${withoutAnsi(text)}\n`).join('\n');
}

/** Nothing of the person who records is seen. */
const NEUTRAL = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'Acme',
  GIT_AUTHOR_EMAIL: 'dev@example.org',
  GIT_COMMITTER_NAME: 'Acme',
  GIT_COMMITTER_EMAIL: 'dev@example.org',
  LC_ALL: 'C.UTF-8',
} as const;

function edit(file: string, before: string, after: string): void {
  const text = readText(file);
  if (!text.includes(before)) throw new Error(`${file} has no "${before}"`);
  writeFileSync(file, text.replace(before, after));
}
