import { EXIT, type ExitCode } from '../support/errors.ts';

const MEANING: Readonly<Record<keyof typeof EXIT, string>> = {
  done: 'done, and seen to work',
  failed: 'the work failed: findings, a build, a verification',
  usage: 'wrong use; the message names the flag that would answer',
  unreachable: 'the target is out of reach',
  interrupted: 'interrupted',
};

export interface ExitStatus {
  readonly status: ExitCode;
  readonly meaning: string;
}

/** Exit statuses of every command, with what they mean. */
export const EXIT_STATUSES: readonly ExitStatus[] = (Object.keys(EXIT) as (keyof typeof EXIT)[]).map(
  (name) => ({
    status: EXIT[name],
    meaning: MEANING[name],
  }),
);
