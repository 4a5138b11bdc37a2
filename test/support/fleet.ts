import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { upReal, type RealStack } from '../../src/stacks/real.ts';
import { stackFolder } from '../../src/stacks/real/run-folder.ts';
import { run } from '../../src/support/run.ts';
import type { RollEvent } from '../../src/fleet/events.ts';
import { RollView } from '../../src/terminal/fleet-view.ts';
import { GIT_IDENTITY } from './wdev.ts';

const CONF = 'etc/asterisk/extensions_extra.d/acme-hello.conf';

/** The plugin acme/hello with a tag for each version; each adds an extension to the dialplan of those before. */
export async function taggedPlugin(dir: string, versions: readonly string[]): Promise<void> {
  const git = async (...words: string[]): Promise<void> => {
    const { status, stderr } = await run(['git', ...words], { cwd: dir, env: GIT_IDENTITY });
    if (status !== 0) throw new Error(stderr);
  };
  mkdirSync(path.join(dir, 'wazo'), { recursive: true });
  mkdirSync(path.join(dir, path.dirname(CONF)), { recursive: true });
  await git('init', '-q', '-b', 'main');
  writeFileSync(path.join(dir, 'wazo/rules'), RULES, { mode: 0o755 });
  for (const [at, version] of versions.entries()) {
    const lines = versions
      .slice(0, at + 1)
      .map((_, number) => `exten => ***4${number},1,NoOp(hello ${version})\n same => n,Hangup()\n`);
    writeFileSync(path.join(dir, CONF), `[xivo-extrafeatures]\n${lines.join('')}`);
    writeFileSync(path.join(dir, 'wazo/plugin.yml'), MANIFEST.replace('VERSION', version));
    await git('add', '--all');
    await git('commit', '-q', '-m', version);
    await git('tag', version);
  }
}

const MANIFEST = `name: hello
namespace: acme
version: "VERSION"
plugin_format_version: 2
description: says hello
author: test
`;

const RULES = `#!/bin/sh
set -e
case "$1" in
    build) ;;
    package) install -D -m 644 ${CONF} "$pkgdir/${CONF}" ;;
    install | uninstall) asterisk -rx 'dialplan reload' >/dev/null ;;
esac
`;

/** Real stacks, each a server of an inventory that is written to `file`. */
export async function servers(names: readonly string[], file: string): Promise<readonly RealStack[]> {
  const stacks: RealStack[] = [];
  const rows: string[] = [];
  for (const [at, name] of names.entries()) {
    const stack = await upReal(name, { forUs: true });
    stacks.push(stack);
    const folder = stackFolder(name);
    rows.push(
      `pbx${at + 1} ansible_host=127.0.0.1 ansible_port=${stack.sshPort} ansible_user=root ` +
        `ansible_ssh_private_key_file=${folder}/key ansible_ssh_common_args='-o UserKnownHostsFile=${folder}/known_hosts'`,
    );
  }
  const text = `[uc_engine_host]\n${rows.join('\n')}\n\n[uc_engine:children]\nuc_engine_host\n\n[all:vars]\nansible_python_interpreter=/usr/bin/python3\n`;
  writeFileSync(file, text);
  return stacks;
}

/** An event of a roll-out as a person sees it. */
export function rollLines(event: RollEvent): readonly string[] {
  return new RollView([['pbx']]).lines(event);
}
