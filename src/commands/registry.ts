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
  {
    name: 'dialplan',
    summary: 'Read a dialplan as Asterisk does: check, show, trace',
    load: () => import('./dialplan.ts'),
  },
];
