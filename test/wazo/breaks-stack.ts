/** A stack with wazo-calld, and a plugin of it under a running `wdev watch`: what saves that break a daemon are tried on. */

import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findReal, realCommand } from '../../src/stacks/real.ts';
import { run } from '../../src/support/run.ts';
import { Watch } from '../support/watch.ts';
import { wdev } from '../support/wdev.ts';
import { buildRepository } from './repository.ts';

const ANSWERS = 'until curl -s -o /dev/null http://127.0.0.1:9500/1.0/status; do sleep 0.05; done';

export class BreaksStack {
  readonly watch: Watch;
  /** The folder of the plugin, and the module of its entry point below it. */
  readonly plugin: string;
  readonly file: string;
  readonly #name: string;
  readonly #project: string;

  private constructor(name: string, project: string) {
    this.#name = name;
    this.#project = project;
    this.plugin = path.join(project, 'hi');
    const setup = readFileSync(path.join(this.plugin, 'setup.py'), 'utf8');
    this.file = `${(/= ([\w.]+):/.exec(setup)?.[1] ?? '').replaceAll('.', '/')}.py`;
    this.watch = new Watch(['hi', '--target', `stack:${name}`], project);
  }

  static async open(name: string): Promise<BreaksStack> {
    const project = realpathSync(mkdtempSync(path.join(tmpdir(), 'wdev-test-')));
    const repository = await buildRepository(path.join(project, 'repository'));
    const from = ['--repository', `deb file:${repository.folder} ./`, '--key', repository.key];
    const inProject = { cwd: project };
    const up = await wdev(
      ['stack', 'up', '--kind', 'wazo', '--name', name, ...from, '--with', 'calld'],
      inProject,
    );
    if (up.status !== 0) throw new Error(up.stderr);
    await wdev(
      ['new', 'stack', 'hi', '--namespace', 'demo', '--part', 'calld', '--yes', '--no-git'],
      inProject,
    );
    const stack = new BreaksStack(name, project);
    await stack.inside(ANSWERS);
    await stack.watch.next('verified');
    return stack;
  }

  /** Output of a shell on the stack. */
  async inside(script: string): Promise<string> {
    const stack = await findReal(this.#name);
    if (stack === undefined) throw new Error(`no stack ${this.#name}`);
    const command = realCommand(stack, ['/bin/sh', '-c', `exec 2>&1\n${script}`]);
    return (await run(command, { timeout: 600_000 })).stdout;
  }

  /** Milliseconds of a restart by systemctl alone, until the daemon answers. */
  async restart(): Promise<number> {
    // the limit of starts in a row is for services that fail
    await this.inside('systemctl reset-failed wazo-calld');
    const start = performance.now();
    await this.inside(`systemctl restart wazo-calld; ${ANSWERS}`);
    return performance.now() - start;
  }

  async close(): Promise<void> {
    await this.watch.stop();
    await wdev(['stack', 'down', '--name', this.#name]);
    rmSync(this.#project, { recursive: true, force: true });
  }
}
