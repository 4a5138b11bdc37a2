import type { CommandEntry } from '../cli/program.ts';

/** Every command of `wdev`, in the order of `wdev --help`. A command's code is loaded when it is called. */
export const COMMANDS: readonly CommandEntry[] = [
  { name: 'new', summary: 'Make a plugin', load: () => import('./new.ts') },
  {
    name: 'templates',
    summary: 'List what wdev new can make, and show one',
    load: () => import('./templates.ts'),
  },
  {
    name: 'check',
    summary: 'Find what is wrong with a plugin, where, why, and how to fix it',
    load: () => import('./check.ts'),
  },
  {
    name: 'dialplan',
    summary: 'Read a dialplan as Asterisk does: check, show, trace, graph',
    load: () => import('./dialplan.ts'),
  },
  {
    name: 'build',
    summary: 'Make the package that wazo-plugind would make',
    load: () => import('./build.ts'),
  },
  {
    name: 'rehearse',
    summary: 'Install, upgrade and remove the package on a throw-away stack',
    load: () => import('./rehearse.ts'),
  },
  {
    name: 'compat',
    summary: 'Show what a Wazo version or a Debian release breaks',
    load: () => import('./compat.ts'),
  },
  {
    name: 'migrate',
    summary: 'Convert an old plugin to the current format and names',
    load: () => import('./migrate.ts'),
  },
  {
    name: 'add',
    summary: 'Add a part to a plugin, whether wdev made it or not',
    load: () => import('./add.ts'),
  },
  {
    name: 'update',
    summary: 'Update a plugin to the current version of its template, and keep your edits',
    load: () => import('./update.ts'),
  },
  {
    name: 'undo',
    summary: 'Roll back what the last new, add, update, migrate or fix wrote',
    load: () => import('./undo.ts'),
  },
  {
    name: 'watch',
    summary: 'Stage, apply and verify every save on a target',
    load: () => import('./watch.ts'),
  },
  {
    name: 'tour',
    summary: 'Make, watch, break, fix and remove a first plugin, step by step',
    load: () => import('./tour.ts'),
  },
  {
    name: 'preview',
    summary: 'Show what a confgend driver generates, without a server',
    load: () => import('./preview.ts'),
  },
  {
    name: 'simulate',
    summary: 'Run a call-logger plugin on recorded lines, or an AGI dialogue',
    load: () => import('./simulate.ts'),
  },
  {
    name: 'install',
    summary: 'Install plugins on a target once, and verify them',
    load: () => import('./install.ts'),
  },
  {
    name: 'uninstall',
    summary: 'Remove plugins from a target',
    load: () => import('./uninstall.ts'),
  },
  {
    name: 'deploy',
    summary: 'Bring a pushed version to a server through its wazo-plugind, step by step',
    load: () => import('./deploy.ts'),
  },
  {
    name: 'release',
    summary: 'Test, version, commit, tag and package a release',
    load: () => import('./release.ts'),
  },
  {
    name: 'market',
    summary: 'A private market from the tags of repositories: build, check',
    load: () => import('./market.ts'),
  },
  {
    name: 'fleet',
    summary: 'Bring a version to many servers with Ansible and a signed apt repository',
    load: () => import('./fleet.ts'),
  },
  {
    name: 'restore',
    summary: 'Restore a target to what it was before wdev',
    load: () => import('./restore.ts'),
  },
  {
    name: 'status',
    summary: 'Show what is installed on a target, loaded and stale',
    load: () => import('./status.ts'),
  },
  {
    name: 'why',
    summary: 'Find the broken link between the sources and the running system',
    load: () => import('./why.ts'),
  },
  {
    name: 'logs',
    summary: "Show the logs of its services, with the plugin's own lines marked",
    load: () => import('./logs.ts'),
  },
  {
    name: 'targets',
    summary: 'List, add and test the targets of a project',
    load: () => import('./targets.ts'),
  },
  {
    name: 'stack',
    summary: 'Run disposable stacks: up, down, status, exec, shell, logs, snapshot, reset',
    load: () => import('./stack.ts'),
  },
  {
    name: 'doctor',
    summary: 'Show what this machine lacks, and the command that installs it',
    load: () => import('./doctor.ts'),
  },
  {
    name: 'guide',
    summary: 'Open the guide in a browser, offline',
    load: () => import('./guide.ts'),
  },
  {
    name: 'lsp',
    summary: 'A language server, on standard input and output',
    load: () => import('./lsp.ts'),
  },
  {
    name: 'editors',
    summary: 'How to connect an editor to wdev lsp, and the files for it',
    load: () => import('./editors.ts'),
  },
  {
    name: 'completion',
    summary: 'Print the completion script for a shell',
    load: () => import('./completion.ts'),
  },
  {
    name: 'complete',
    summary: 'Words that can follow, for the shell',
    hidden: true,
    load: () => import('./complete.ts'),
  },
];
