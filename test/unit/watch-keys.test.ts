import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSession, type Session } from '../support/session.ts';
import { makePlugin, project } from '../support/watch.ts';
import { BIN } from '../support/wdev.ts';

let place: ReturnType<typeof project>;

beforeEach(() => {
  place = project();
  makePlugin(place.dir, 'hello');
});

afterEach(() => place.remove());

async function watching(): Promise<Session> {
  const session = startSession([process.execPath, BIN, 'watch', 'hello'], {
    cwd: place.dir,
    env: { NO_COLOR: '1' },
  });
  await session.says('✓ demo/hello');
  return session;
}

describe('the end of wdev watch in a terminal', () => {
  it('is calm, and no failure, when q asked for it', async () => {
    const session = await watching();
    session.type('q');
    await session.says('Stopped.\r\n');
    expect(await session.ended).toBe(0);
  });

  it('is told as an interruption after Ctrl-C', async () => {
    const session = await watching();
    session.type('\u0003');
    await session.says('Stopped: interrupted.\r\n');
    expect(await session.ended).toBe(130);
  });
});
