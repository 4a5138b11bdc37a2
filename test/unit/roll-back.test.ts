import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { LoopEvent } from '../../src/loop/events.ts';
import { rollBack } from '../../src/loop/roll-back.ts';
import type { StagedTree } from '../../src/stage/tree.ts';
import { applyBatch } from '../../src/targets/apply.ts';
import { closeSession, openSession, type Session } from '../../src/targets/session.ts';
import { PLUGIN, bring, planFor, shellTarget, silentAsterisk, tree } from '../support/target.ts';
import { tempFolder } from '../support/temp.ts';
import { Watch, makePlugin, project } from '../support/watch.ts';

const CONF = '/etc/asterisk/extensions_extra.d/demo.conf';
const EARLIER = tree({ [CONF]: '[demo]\nexten = s,1,NoOp(one)\nexten = u,1,NoOp()\n' });
const FAILED = tree({ [CONF]: '[demo]\nexten = s,1,NoOp(two)\nexten = t,1,NoOp()\n' });

const HEAD = "[ Context 'demo' created by 'pbx_config' ]\n";
const SHOWS_EARLIER = `${HEAD}  's' =>  1. NoOp(one)  [demo.conf:2]\n  'u' =>  1. NoOp()  [demo.conf:3]\n`;
const SHOWS_FAILED = `${HEAD}  's' =>  1. NoOp(two)  [demo.conf:2]\n  't' =>  1. NoOp()  [demo.conf:3]\n`;
const SHOWS_NOTHING = "There is no existence of 'demo' context\n";

let root = '';

beforeEach(() => void (root = tempFolder()));

/** A target whose Asterisk answers to every reload that it was done, and shows the same dialplan whatever its files say. */
async function showing(shows: string): Promise<Session> {
  const env = silentAsterisk(root, shows);
  return await openSession(await shellTarget({ argv: ['sh'], env }, root));
}

/** Brings the version that fails, rolls it back, and tells what is live then. */
async function liveAfter(session: Session, earlier?: StagedTree): Promise<string> {
  if (earlier !== undefined) await bring(session, earlier);
  const planned = planFor(session, FAILED);
  const plan = { ...planned, changes: planned.changes.map((change) => ({ ...change, before: earlier })) };
  const before = new Map([[PLUGIN.id, session.installed.get(PLUGIN.id)]]);
  const result = await applyBatch(session, { plan, contexts: ['demo'] });
  const events: LoopEvent[] = [];
  await rollBack(session, 1, plan, before, { result, guilty: [] }, (event) => events.push(event));
  await closeSession(session);
  return events.flatMap((event) => (event.event === 'rolled-back' ? [event.live] : [])).join('\n');
}

describe('a version before is said to be restored', () => {
  it('where Asterisk shows it', async () => {
    expect(await liveAfter(await showing(SHOWS_EARLIER), EARLIER)).toBe('demo/hello 1.0, restored');
  });

  it('with what Asterisk lacks of it, and has still of the one that failed', async () => {
    expect(await liveAfter(await showing(SHOWS_FAILED), EARLIER)).toBe(
      'demo/hello 1.0, restored, but Asterisk did not load priority 1 of extension s in context demo; ' +
        'it has 1. NoOp(two) [demo.conf:2], but Asterisk still has extension t of context demo',
    );
    expect(readFileSync(path.join(root, CONF), 'utf8')).toContain('NoOp(one)');
  });

  it('with the context that Asterisk has no more', async () => {
    expect(await liveAfter(await showing(SHOWS_NOTHING), EARLIER)).toBe(
      'demo/hello 1.0, restored, but Asterisk did not load context "demo"',
    );
  });
});

describe('a plugin is said not to be installed', () => {
  it('where Asterisk shows nothing of it', async () => {
    expect(await liveAfter(await showing(SHOWS_NOTHING))).toBe('demo/hello is not installed');
  });

  it('with the lines that Asterisk has still', async () => {
    expect(await liveAfter(await showing(SHOWS_FAILED))).toBe(
      'demo/hello is not installed, but Asterisk still has extension s of context demo, ' +
        'but Asterisk still has extension t of context demo',
    );
  });

  it('but not by lines of a file that was there before', async () => {
    mkdirSync(path.dirname(path.join(root, CONF)), { recursive: true });
    writeFileSync(path.join(root, CONF), '[demo]\nexten = s,1,NoOp(two)\nexten = t,1,NoOp()\n;\n');
    expect(await liveAfter(await showing(SHOWS_FAILED))).toBe('demo/hello is not installed');
  });
});

it('tells of a line that another file takes from the version before', async () => {
  const place = project();
  const { dir } = place;
  const plugin = makePlugin(dir, 'hello');
  const conf = path.join(plugin, 'etc/asterisk/extensions_extra.d/demo-hello.conf');
  writeFileSync(conf, '[demo-hello]\nexten = s,1,NoOp(mine)\n');
  const watch = new Watch(['hello'], dir);
  try {
    await watch.next('verified');
    const other = path.join(dir, '.wdev/stack/root/etc/asterisk/extensions_extra.d/aaa.conf');
    writeFileSync(other, '[demo-hello]\nexten = s,1,NoOp(theirs)\n');
    appendFileSync(conf, 'exten = s,9,NoOp(late)\n');
    const { live } = await watch.next('rolled-back');
    expect(live).toBe(
      'demo/hello 0.1.0, restored, but Asterisk did not load priority 1 of extension s in context demo-hello; ' +
        'it has 1. NoOp(theirs) [aaa.conf:2]',
    );
  } finally {
    await watch.stop();
    await place.remove();
  }
});
