import type { Command } from 'commander';

/** What a file of this folder exports: it declares arguments, options and the action of one command. */
export interface CommandModule {
  configure(command: Command): void;
}

export interface CommandEntry {
  readonly name: string;
  /** As `wdev --help` shows it, without a full stop. */
  readonly summary: string;
  readonly load: () => Promise<CommandModule>;
}

/** Every command of `wdev`, in the order of `wdev --help`. A command's code is loaded when it is called. */
export const COMMANDS: readonly CommandEntry[] = [
  { name: 'new', summary: 'Make a plugin', load: () => import('./new.ts') },
  {
    name: 'templates',
    summary: 'List what wdev new can make, and show one',
    load: () => import('./templates.ts'),
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
    name: 'watch',
    summary: 'Stage, apply and verify every save on a target',
    load: () => import('./watch.ts'),
  },
  {
    name: 'stack',
    summary: 'Disposable stacks to try plugins on: up, down, status, exec, shell, logs',
    load: () => import('./stack.ts'),
  },
  {
    name: 'doctor',
    summary: 'What this machine lacks, and the command that brings it',
    load: () => import('./doctor.ts'),
  },
];
