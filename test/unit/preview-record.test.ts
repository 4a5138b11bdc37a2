import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { pythonWith } from '../../src/stacks/requirements.ts';
import type { RunResult } from '../../src/support/run.ts';
import { wdev } from '../support/wdev.ts';

const python = await pythonWith(['yaml']);

/** A small database layer of the shape that Wazo's has. */
const XIVO_DAO: Readonly<Record<string, string>> = {
  '__init__.py': 'def init_db_from_config(config=None):\n    print("connected to", config["db_uri"])\n',
  'helpers/__init__.py': '',
  'helpers/db_utils.py': `import contextlib

READ_ONLY = []


@contextlib.contextmanager
def session_scope(read_only=False):
    READ_ONLY.append(read_only)
    yield None
    READ_ONLY.pop()
`,
  'queue_dao.py': `from collections import namedtuple
from xivo_dao.helpers import db_utils

Queue = namedtuple('Queue', 'name size secret options')


def find(name, limit=None):
    assert db_utils.READ_ONLY == [True]
    return all_of(name)


def all_of(name):
    return [Queue(name, len(name), 'hunter2', [['password', 'hunter2'], ['wait', '5']])]
`,
};

describe.skipIf(python === undefined)('wdev preview --record', { timeout: 240_000 }, () => {
  let folder: string;
  let project: string;
  let address: string;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'wdev-test-'));
    project = path.join(folder, 'hello');
    await wdev(['new', 'confgend', 'hello', '--namespace', 'demo', '--yes'], { cwd: folder });
    const driver = path.join(project, 'demo_hello_confgend/driver.py');
    const name = /^class (\w+)/m.exec(readFileSync(driver, 'utf8'))?.[1] ?? '';
    writeFileSync(
      driver,
      `from xivo_dao import queue_dao


class ${name}:
    def __init__(self, dependencies):
        pass

    def generate(self):
        rows = [*queue_dao.find('sales'), *queue_dao.find('help', limit=2)]
        return ''.join(f'[{row.name}]\\nsize = {row.size}\\n' for row in rows)
`,
    );
    const settings = path.join(project, 'etc/wazo-confgend/conf.d/50-demo-hello.yml');
    writeFileSync(settings, `${readFileSync(settings, 'utf8')}\ndb_uri: postgresql://here\n`);
    for (const [file, text] of Object.entries(XIVO_DAO)) {
      mkdirSync(path.dirname(path.join(folder, 'server/xivo_dao', file)), { recursive: true });
      writeFileSync(path.join(folder, 'server/xivo_dao', file), text);
    }
    address = target(`PYTHONPATH=${path.join(folder, 'server')}`);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  /** A target whose python3 is one with PyYAML, and what else `words` set. */
  function target(words: string): string {
    const bin = path.join(folder, `bin-${words.length}`);
    mkdirSync(bin, { recursive: true });
    writeFileSync(path.join(bin, 'python3'), `#!/bin/sh\n${words} exec ${python} "$@"\n`, { mode: 0o755 });
    writeFileSync(path.join(bin, 'shell'), `#!/bin/sh\nPATH=${bin}:$PATH exec sh\n`, { mode: 0o755 });
    return `exec:${path.join(bin, 'shell')}`;
  }

  async function preview(...words: string[]): Promise<RunResult> {
    return await wdev(['preview', '.', ...words], { cwd: project });
  }

  it('takes a folder behind --record for that of the plugin', async () => {
    const { status, stdout } = await wdev(['preview', '--record', project, '--target', address], {
      cwd: folder,
    });
    expect([status, stdout]).toEqual([0, expect.stringContaining('tests/rows.yml') as string]);
  });

  it('writes down what each call was answered, without secrets', async () => {
    const { status, stdout } = await preview('--record', '--target', address);
    expect(stdout).toContain('queue_dao.find("help", limit=2)\n');
    expect(stdout).toContain('Wrote tests/rows.yml');
    expect(stdout).toContain('dao: tests/rows.yml');
    expect(status).toBe(0);
    const rows = readFileSync(path.join(project, 'tests/rows.yml'), 'utf8');
    expect(rows).toContain('queue_dao.find("sales")');
    // the call within a call is no call of the driver
    expect(rows).not.toContain('all_of');
    expect(rows).not.toContain('hunter2');
  });

  it('makes the file from them afterwards, without a database', async () => {
    writeFileSync(path.join(project, 'wdev.yml'), 'preview:\n  dao: tests/rows.yml\n');
    const { status, stdout } = await preview();
    expect(stdout).toBe('[sales]\nsize = 5\n[help]\nsize = 4\n');
    expect(status).toBe(0);
  });

  it('says that a target has no database', async () => {
    const { status, stderr } = await preview('--record', '--target', target('WITHOUT=1'));
    expect(stderr).toContain('has no xivo_dao');
    expect(status).toBe(1);
  });

  it('does not overwrite rows that a person wrote', async () => {
    writeFileSync(path.join(project, 'tests/own.yml'), '# mine\nqueue_dao.find: []\n');
    const { status, stderr } = await preview('--record', 'tests/own.yml', '--target', address);
    expect(stderr).toContain('would lose its comments');
    expect(status).toBe(2);
    expect((await preview('--record')).status).toBe(2);
  });
});
