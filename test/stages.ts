/** The tests that `npm test` leaves to `.ci/run` (`npm test -- --stage NAME`), because they take long. */

/** A run of vitest: files of a project, so many at a time. */
export interface Run {
  readonly project: 'unit' | 'real';
  readonly workers: number;
  /** The beginnings of their paths below test/; those that no stage has when there are none. */
  readonly files?: readonly string[];
}

/** Tests wait more than they compute: these keep two cores busy, and starve nobody. */
export const DAILY: readonly Run[] = [
  { project: 'unit', workers: 2 },
  // each file starts a machine of its own
  { project: 'real', workers: 1 },
];

export const STAGES = {
  /** Attacks, kills in the middle of the work, faults of targets, texts that nearly follow a grammar. */
  hostile: [
    {
      project: 'unit',
      workers: 1,
      files: [
        'hostile/',
        'unit/check-growth',
        'unit/edits-killed',
        'unit/growth',
        'unit/large-files',
        'unit/make-rules',
        'unit/parsers-fuzz',
        'unit/patterns',
        'unit/sandbox',
        'unit/stack-killed',
        'unit/target-damage',
        'unit/target-faults',
        'unit/target-login-shell',
        'unit/template-safety',
      ],
    },
  ],
  /** The tables of right and wrong verdicts, and servers with a past. */
  truth: [
    {
      project: 'unit',
      workers: 1,
      files: [
        'truth/',
        'unit/bad-changes',
        'unit/finding-scenarios',
        'unit/handed-out',
        'unit/import-late',
        'unit/install.test',
        'unit/server-past',
        'unit/watch-evidence',
        'unit/watch-many',
        'unit/watch-refused',
        'unit/watch-services',
      ],
    },
  ],
  /** Programs of others at the other end: yo, RabbitMQ, editors, Chromium, repositories of git. */
  tools: [
    {
      project: 'unit',
      workers: 1,
      files: [
        'unit/add.test',
        'unit/call-logger-watch',
        'unit/deploy',
        'unit/dialplan/graph-page',
        'unit/generators-yo',
        'unit/guide',
        'unit/live/page',
        'unit/lsp',
        'unit/market',
        'unit/parts-needs',
        'unit/preview-golden',
        'unit/preview-watch',
        'unit/progress',
        'unit/own-tests',
        'unit/release-plugin',
        'unit/stack-services',
        'unit/test-packages',
        'unit/why.test',
      ],
    },
  ],
  /** Answers of machines beyond a day's work. */
  machines: [
    { project: 'unit', workers: 1, files: ['unit/target-contract'] },
    {
      project: 'real',
      workers: 2,
      files: [
        'real/agi',
        'real/bad-changes',
        'real/clock',
        'real/confgend',
        'real/debian-releases',
        'real/dialplan',
        'real/killed-stacks',
        'real/login-shells',
        'real/lsp-neovim',
        'real/own-tests',
        'real/pjsip',
        'real/promises',
        'real/reboot',
        'real/rejections',
        'real/restarts-',
        'real/rules-undone',
        'real/shown-curls',
        'real/target-contract',
        'real/why',
      ],
    },
  ],
} as const satisfies Readonly<Record<string, readonly Required<Run>[]>>;

/** The words for vitest that choose the files of a run. */
export function wordsOf({ project, workers, files }: Run): readonly string[] {
  const left = Object.values(STAGES)
    .flat()
    .filter((other) => other.project === project)
    .flatMap((other) => other.files.map((start) => `--exclude=${start}${start.endsWith('/') ? '**' : '*'}`));
  return ['--project', project, `--maxWorkers=${workers}`, ...(files ?? left)];
}
