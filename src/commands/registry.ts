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
    summary: 'What a Wazo version or a release of Debian breaks',
    load: () => import('./compat.ts'),
  },
  {
    name: 'migrate',
    summary: 'Bring a plugin of an older format or with old names to the present',
    load: () => import('./migrate.ts'),
  },
  {
    name: 'add',
    summary: 'One more part for an existing plugin, also one that wdev did not make',
    load: () => import('./add.ts'),
  },
  {
    name: 'update',
    summary: 'Bring a plugin to the present version of its template, your edits kept',
    load: () => import('./update.ts'),
  },
  {
    name: 'undo',
    summary: 'Take back what the last new, add, update or migrate wrote',
    load: () => import('./undo.ts'),
  },
  {
    name: 'watch',
    summary: 'Stage, apply and verify every save on a target',
    load: () => import('./watch.ts'),
  },
  {
    name: 'tour',
    summary: 'A guided first plugin: made, watched, broken, fixed, removed',
    load: () => import('./tour.ts'),
  },
  {
    name: 'preview',
    summary: 'What a confgend driver generates, without a server',
    load: () => import('./preview.ts'),
  },
  {
    name: 'simulate',
    summary: 'What a call-logger plugin makes of its lines; AGI dialogues',
    load: () => import('./simulate.ts'),
  },
  {
    name: 'install',
    summary: 'Bring plugins to a target once, verified',
    load: () => import('./install.ts'),
  },
  {
    name: 'uninstall',
    summary: 'Take single plugins off a target again',
    load: () => import('./uninstall.ts'),
  },
  {
    name: 'release',
    summary: 'Prove a version, write it down, commit and tag it, with its package',
    load: () => import('./release.ts'),
  },
  {
    name: 'restore',
    summary: 'Give a target back as it was before wdev',
    load: () => import('./restore.ts'),
  },
  {
    name: 'status',
    summary: 'What is installed on a target, loaded and stale',
    load: () => import('./status.ts'),
  },
  {
    name: 'why',
    summary: 'Which link between the sources and the running system is broken',
    load: () => import('./why.ts'),
  },
  {
    name: 'logs',
    summary: "What the services concerned logged, the plugin's own lines marked",
    load: () => import('./logs.ts'),
  },
  {
    name: 'targets',
    summary: 'Targets that the project names: list, add, test',
    load: () => import('./targets.ts'),
  },
  {
    name: 'stack',
    summary: 'Disposable stacks to try plugins on: up, down, status, exec, shell, logs, snapshot, reset',
    load: () => import('./stack.ts'),
  },
  {
    name: 'doctor',
    summary: 'What this machine lacks, and the command that brings it',
    load: () => import('./doctor.ts'),
  },
  {
    name: 'guide',
    summary: 'Everything about the tool, offline, in a browser',
    load: () => import('./guide.ts'),
  },
  {
    name: 'completion',
    summary: 'Completion of commands, flags, parts and targets for a shell',
    load: () => import('./completion.ts'),
  },
  {
    name: 'complete',
    summary: 'Words that can follow, for the shell',
    hidden: true,
    load: () => import('./complete.ts'),
  },
];
