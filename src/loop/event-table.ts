import type { LoopEvent } from './events.ts';

/** The meaning of each event of `--json`. */
export const EVENT_TABLE: Readonly<Record<LoopEvent['event'], string>> = {
  ready: 'the target is open, and the plugins are watched',
  plugins:
    'folders of plugins came, or are gone; `moved` names those that were renamed; the target keeps its files',
  held: 'nothing is done for now, and why: git holds its lock, a command of wdev was cut off in a plugin, a call is active, the target is out of reach',
  batch: 'changes that belong together, for one plugin; `files` is empty for the first one',
  staged: 'the tree that the package would install was made, by the fast or the full path',
  preview: 'what the save makes that no package holds: a generated file, records of calls',
  plan: 'what will be done on the target, why, and what is skipped',
  action: 'one step of the plan was done',
  verified:
    'what was read back is what it should be; `loaded` says what is served, `evidence` how many files of the batch are proven, and how many are installed without proof (`placed`)',
  settled:
    'what was verified is there for good: its services were still up 6 s later, without a restart by systemd',
  tested:
    "the plugin's own tests ran after a verified batch (`--test`); with `target` those that ask it. A failure rolls nothing back",
  failed:
    'the findings that speak against it, each with file and line where there is one; also after `verified`, when its service ended soon after',
  'rolled-back': 'the version before serves again; `live` names it',
  restored: 'the target is as it was before wdev',
  log: 'lines that Asterisk and the services logged',
  finding: 'something that is worth knowing and no failure',
  warnings: 'the warnings of wdev check that stand against a plugin, told when they change',
  page: 'the page of `--ui` is served at `address`, to this machine alone',
  reported: 'the page was written into the `file` of `--report`',
  stopped: 'the end, and its reason: done, quit (the key q), or interrupted',
};
