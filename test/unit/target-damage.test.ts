import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/findings/finding.ts';
import { restoreVerified } from '../../src/status/restored.ts';
import { uninstallPlugin } from '../../src/status/uninstall.ts';
import { applyBatch } from '../../src/targets/apply.ts';
import { closeSession, openSession, peekSession, type Session } from '../../src/targets/session.ts';
import { tempFolder } from '../support/temp.ts';
import { PLUGIN, bring, planFor, shellTarget, tree } from '../support/target.ts';

const TREE = tree({ '/etc/own': 'brought', '/etc/shared': 'ours', '/etc/deep/a b': 'brought' });

describe('records of wdev on a target that are damaged', () => {
  let root = '';
  const at = (name: string): string => path.join(root, name);
  const state = (name: string): string => at(`var/lib/wdev/${name}`);
  const text = (name: string): string => readFileSync(at(name), 'utf8');
  const manifest = (): string => state('plugins/demo%2Fhello.json');

  async function open(how: { readonly restoring?: boolean } = {}): Promise<Session> {
    const target = await shellTarget({ argv: ['sh'] }, root);
    try {
      return await openSession(target, how);
    } catch (error) {
      await target.close();
      throw error;
    }
  }

  /** A session whose end nobody waits for. */
  async function restored(): Promise<readonly Finding[]> {
    const session = await open({ restoring: true });
    const { findings } = await restoreVerified(session);
    await closeSession(session);
    return findings;
  }

  beforeEach(async () => {
    root = tempFolder();
    mkdirSync(at('etc'));
    writeFileSync(at('etc/shared'), 'of the server');
    const session = await open();
    await bring(session, TREE);
    await closeSession(session);
  });

  it.each([
    ['a list that is empty', () => truncateSync(state('touched'), 0)],
    ['a list that was cut off', () => truncateSync(state('touched'), 20)],
    ['a list of other bytes', () => writeFileSync(state('touched'), `${'\0'.repeat(300)}\n`)],
    ['a line of the list that is none', () => appendFileSync(state('touched'), 'S x /etc\n')],
  ])('%s: told, and a restore gives all back', async (_name, damage) => {
    damage();
    await expect(open()).rejects.toMatchObject({ code: 'target-state-damaged' });
    const target = await shellTarget({ argv: ['sh'] }, root);
    await expect(peekSession(target)).rejects.toThrow('the list of originals ');
    await target.close();
    expect(text('etc/shared')).toBe('ours');
    expect(await restored()).toEqual([
      expect.objectContaining({
        code: 'target-record-damaged',
        message: expect.stringContaining('list of originals') as string,
      }),
    ]);
    expect([text('etc/shared'), readdirSync(at('etc')).sort()]).toEqual([
      'of the server',
      existsSync(at('etc/deep')) ? ['deep', 'shared'] : ['shared'],
    ]);
    expect(existsSync(at('etc/deep/a b'))).toBe(false);
    expect(await restored()).toEqual([]);
  });

  it('a manifest that was cut off: what is whole of it counts, and the rest is told', async () => {
    truncateSync(manifest(), readFileSync(manifest(), 'utf8').indexOf('"/etc/shared"') + 20);
    await expect(open()).rejects.toThrow('the record of demo/hello was cut off after 1 files');
    const told = await restored();
    expect(told[0]?.code).toBe('target-record-damaged');
    // nobody knows any more who wrote those, so they stay, and so does what is kept
    expect(
      told
        .slice(1)
        .map(({ message }) => message)
        .sort(),
    ).toEqual([
      expect.stringContaining('/etc/deep/a b was not restored'),
      expect.stringContaining('/etc/shared was not restored'),
    ]);
    expect([existsSync(at('etc/own')), text('etc/shared')]).toEqual([false, 'ours']);
    expect(readFileSync(state('touched'), 'utf8')).toContain('/etc/shared');
  });

  it('the journal of a batch: nothing is undone by it, and a restore does without', async () => {
    const session = await open();
    await applyBatch(session, { plan: planFor(session, tree({ '/etc/own': 'half' })), contexts: [] });
    await closeSession(session);
    const list = state('batch/list');
    writeFileSync(list, readFileSync(list, 'utf8').replace(/^S /m, '? '));
    await expect(open()).rejects.toThrow(/lines of .*batch\/list cannot be read/);
    expect(text('etc/own')).toBe('half');
    expect((await restored())[0]?.message).toMatch(/record of a batch that was cut off cannot be read/);
    expect([text('etc/shared'), existsSync(at('etc/own'))]).toEqual(['of the server', false]);
    expect(existsSync(at('var/lib/wdev/batch.damaged'))).toBe(false);
  });

  it('a list of what goes that did not come whole: nothing is removed', async () => {
    const session = await open();
    const installed = session.installed.get(PLUGIN.id);
    if (installed === undefined) throw new Error('not installed');
    const run = session.target.run.bind(session.target);
    const cut: Session = {
      ...session,
      target: {
        ...session.target,
        run: async (script, options) =>
          await run(
            script,
            options?.input === undefined || !script.includes('off.new')
              ? options
              : { ...options, input: options.input.subarray(0, 30) },
          ),
      },
    };
    const { findings } = await uninstallPlugin(cut, installed);
    expect(findings.map(({ code }) => code)).toEqual(['files-not-removed']);
    expect([text('etc/own'), text('etc/shared')]).toEqual(['brought', 'ours']);
    await closeSession(session);
  });
});
