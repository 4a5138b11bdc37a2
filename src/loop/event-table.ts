import type { LoopEvent } from './events.ts';

/** The meaning of each event of `--json`. */
export const EVENT_TABLE: Readonly<Record<LoopEvent['event'], string>> = {
  ready: 'the target is open, and the plugins are watched',
  plugins:
    'plugin folders appeared or disappeared; `moved` names those that were renamed; the target keeps its files',
  held: 'nothing is done for now, and why: git holds its lock, a command of wdev was cut off in a plugin, a call is active, the target is out of reach',
  batch: 'changes that belong together, for one plugin; `files` is empty for the first one',
  staged: 'the tree that the package would install was made, by the fast or the full path',
  preview: 'what the plugin makes after the save: a generated file, or call records',
  plan: 'what will be done on the target, why, and what is skipped',
  action: 'one step of the plan was done',
  verified:
    'what was read back is what it should be; `loaded` says what is served, `evidence` how many files of the batch are proven, and how many are installed without proof (`placed`)',
  settled: 'the services of what was verified were still up 6 s later, without a restart by systemd',
  tested:
    "the plugin's own tests ran after a verified batch (`--test`); with `target`, its integration tests. A failure rolls nothing back",
  failed:
    'the findings, each with file and line if there is one; also after `verified`, if a service ended soon after',
  'rolled-back': 'the version before serves again; `live` names it',
  restored: 'the target is as it was before wdev',
  log: 'lines that Asterisk and the services logged',
  finding: 'a finding that is not a failure',
  warnings: 'the open warnings of wdev check for a plugin, each time that they change',
  page: 'the page of `--ui` is at `address`, for this machine only',
  reported: 'the page was written into the `file` of `--report`',
  stopped: 'the end, and its reason: done, quit (the key q), or interrupted',
};
