import type { Archive } from './archive.ts';

/** A place where plugins run. Everything that is done to it goes through one POSIX shell. */
export interface Target {
  /** As the user named it: `embedded`, `stack:one`, `ssh://root@pbx`. */
  readonly id: string;
  /**
   * Prefix of installed paths: empty for a whole machine, the folder of the Asterisk-shaped root for the
   * embedded stack.
   */
  readonly root: string;
  /** Begins each section line of a script's output; see sections.ts. */
  readonly mark: string;
  /** Whether it is a disposable stack: what it holds may be used, secrets too. */
  readonly isOurs?: boolean;
  /** A token of wazo-auth that the person gives for it. */
  readonly token?: () => Promise<string>;
  /** Whether a plugin's own `rules install` may run there: never on the developer's own machine. */
  readonly runsRules: boolean;
  /**
   * Runs a POSIX shell script in the open shell and waits for its end.
   * @throws UserError `target-unreachable` (exit 3) when the shell can't be opened or is lost
   */
  run(script: string, options?: TargetRunOptions): Promise<TargetResult>;
  close(): Promise<void>;
}

export interface TargetRunOptions {
  /** Bytes that the script finds on its standard input; none by default. */
  readonly input?: Uint8Array;
  /** Instead of that: a tar archive that the script unpacks by `wdev_unpack` (journal.sh). */
  readonly archive?: Archive;
  /** Milliseconds without a sign of life until the shell counts as lost; 60,000 by default. */
  readonly timeout?: number;
  /** Milliseconds until a far end that goes on answering counts as lost; ten times `timeout` by default. */
  readonly limit?: number;
  /** Called with each piece of standard output as it comes. */
  readonly onOutput?: (chunk: Buffer) => void;
}

export interface TargetResult {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}
