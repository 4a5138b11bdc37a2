import { readFileSync } from 'node:fs';
import path from 'node:path';
import { save } from '../support/save.ts';
import { startSession } from '../support/session.ts';
import { BIN } from '../support/wdev.ts';

const FILE = 'hello/etc/asterisk/extensions_extra.d/demo-hello.conf';

/** The steps of a person in an editor, and the events to wait for then. */
const SAVES: readonly (readonly [before: string, after: string, says: string])[] = [
  ['***42', '***43', '***42 gone'],
  ['same = n,Hangup()', 'same n,Hangup()', 'live: demo/hello 0.1.0, unchanged'],
  ['same n,Hangup()', 'same = n,Hangup()', 'already up to date'],
];

/** A session of `wdev watch hello` as a terminal of 80 columns shows it, in colour; `folder` holds the plugin. */
export async function recordWatch(folder: string): Promise<string> {
  const file = path.join(folder, FILE);
  const session = startSession([process.execPath, BIN, 'watch', 'hello'], {
    cwd: folder,
    // in CI, too
    env: { FORCE_COLOR: '1' },
  });
  const told: string[] = ['$ wdev watch hello'];
  let from = 0;
  const tell = (): void => {
    const shown = session.shown();
    told.push(shown.slice(from).replaceAll(MOVING, '').replaceAll('\r', '').trimEnd());
    from = shown.length;
  };
  await session.says('demo-hello: s');
  await session.says('not run on your machine; use --target stack');
  await session.says('\n');
  for (const [before, after, says] of SAVES) {
    tell();
    told.push('', `# saved in an editor: "${before}" is now "${after}"`);
    save(file, readFileSync(file, 'utf8').replace(before, after));
    await session.says(says);
    await session.says('\n');
  }
  tell();
  session.type('q');
  await session.ended;
  return `${told.join('\n').replaceAll(/\n{3,}/g, '\n\n')}\n`;
}

/** A line that says what is done, and is gone when that is done: a slow machine shows it. */
const MOVING = /\r[^\r\n]*\u001b\[K/g;

const VOLATILE = /\d\d:\d\d:\d\d|\d+(?:\.\d+)? m?s\b/g;

/** The text of before where the new one differs only in times. */
export function sameButTimes(before: string, now: string): string {
  return before.replaceAll(VOLATILE, '~') === now.replaceAll(VOLATILE, '~') ? before : now;
}

/** A text, with its times as another one of the same session has them. */
export function withTimesOf(session: string, text: string): string {
  const times = text.match(VOLATILE) ?? [];
  let at = 0;
  return text === '' ? session : session.replaceAll(VOLATILE, (time) => times[at++] ?? time);
}
