import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoopEvent } from '../../src/loop/events.ts';
import { Members } from '../../src/loop/members.ts';
import { namedRowsFile } from '../../src/preview/rows-file.ts';
import { chosenTarget } from '../../src/settings/settings.ts';
import { parseAddress } from '../../src/targets/address.ts';

let work: string;

beforeEach(() => {
  work = mkdtempSync(path.join(tmpdir(), 'wdev-test-'));
});

afterEach(() => rmSync(work, { recursive: true, force: true }));

describe('the target that is meant', () => {
  const settings = { target: 'lab', targets: { lab: 'exec:x', local: 'exec:y', embedded: 'exec:z' } };

  it('says whether wdev.yml chose it', () => {
    expect(chosenTarget(undefined, settings)).toEqual({ address: 'exec:x', keys: ['targets', 'lab'] });
    expect(chosenTarget('lab', settings)).toEqual({ address: 'exec:x', keys: ['targets', 'lab'] });
    expect(chosenTarget(undefined, { target: 'local' })).toEqual({ address: 'local', keys: ['target'] });
    expect(chosenTarget('exec:sh', settings)).toEqual({ address: 'exec:sh' });
    expect(chosenTarget(undefined, {})).toEqual({ address: 'embedded' });
  });

  it('is never an address under the name of another one', () => {
    for (const name of ['local', 'embedded', 'ssh://root@lab'])
      expect(chosenTarget(name, { targets: { ...settings.targets, 'ssh://root@lab': 'exec:x' } })).toEqual({
        address: name,
      });
    expect(chosenTarget('constructor', settings)).toEqual({ address: 'constructor' });
  });
});

it.each([
  'ssh://$(x)@lab',
  'ssh://`x`@lab',
  'ssh://lab;x',
  'ssh://a|b',
  "ssh://a'b",
  'ssh://-oProxyCommand=x',
  'ssh://a@-b',
])('ssh is not started with %s', (address) => expect(() => parseAddress(address)).toThrow(/unknown target/));

it.each([
  'ssh://root@lab.example.org:22',
  'ssh://lab',
  'ssh://a.b-c@10.0.0.1',
  'ssh://root@[::1]:22',
  'ssh://größe',
])('ssh is started with %s', (address) => expect(parseAddress(address).kind).toBe('ssh'));

it('a plugin that comes while wdev watches runs no program that nobody agreed to', () => {
  const dir = path.join(work, 'hello');
  mkdirSync(path.join(dir, 'wazo'), { recursive: true });
  writeFileSync(path.join(dir, 'wazo/plugin.yml'), 'name: hello\nnamespace: demo\nversion: 1.0.0\n');
  writeFileSync(path.join(dir, 'wazo/rules'), '#!/bin/sh\n');
  writeFileSync(
    path.join(dir, 'wdev.yml'),
    'reload:\n  - {path: "**", do: [{run: [evil]}]}\n  - {path: "*", do: [{console: "core reload"}]}\n',
  );
  const events: LoopEvent[] = [];
  const members = (agreed: boolean): Members =>
    new Members({
      paths: [work],
      poll: false,
      settings: {},
      mayRun: () => agreed,
      emit: (event) => events.push(event),
      wake: () => undefined,
    });
  expect(members(true).states[0]?.settings.reload).toHaveLength(2);
  expect(events).toEqual([]);
  expect(members(false).states[0]?.settings.reload).toEqual([
    { path: '*', do: [{ console: 'core reload' }] },
  ]);
  expect(events).toMatchObject([
    { event: 'held', reason: expect.stringContaining('you have not approved') as string },
  ]);
});

it('recorded rows are written inside the plugin only', async () => {
  const named = async (dao: string): Promise<string | undefined> => {
    writeFileSync(path.join(work, 'wdev.yml'), `preview: {dao: "${dao}"}\n`);
    return await namedRowsFile(work);
  };
  expect(await named('tests/rows.yml')).toBe('tests/rows.yml');
  await expect(named('../outside.yml')).rejects.toThrow(/is outside the plugin/);
  await expect(named('tests/../../outside.yml')).rejects.toThrow(/is outside the plugin/);
  await expect(named('/etc/outside.yml')).rejects.toThrow(/is outside the plugin/);
});
