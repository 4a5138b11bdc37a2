/** The lines of `wdev fleet roll --json`, one object each. */

/** A question of the gate of a server, and its answer; `ok` is null where nothing could be asked. */
export interface GateAnswer {
  readonly what: string;
  readonly ok: boolean | null;
  readonly said: string;
}

/** How it went on one server. */
export interface ServerResult {
  readonly host: string;
  readonly wave: number;
  /** back: it has its version before again. untouched: its wave did not begin. refused: nothing was changed there. */
  readonly outcome: 'done' | 'back' | 'failed' | 'refused' | 'untouched';
  /** Empty for none; undefined where it was not asked. */
  readonly before?: string;
  readonly after?: string;
  /** Why it did not work, in the words of the gate, apt or Ansible. */
  readonly why?: string;
  readonly evidence: readonly GateAnswer[];
  /** The same of the version that is back. */
  readonly back: readonly GateAnswer[];
}

export type RollEvent =
  | {
      readonly event: 'plan';
      readonly plugin: string;
      readonly version: string;
      readonly from: 'repository' | 'tag' | 'folder';
      /** The servers of each wave. */
      readonly waves: readonly (readonly string[])[];
    }
  /** The way to the version and back to the one before, on a throw-away stack; `ok` is missing where it was not tried. */
  | {
      readonly event: 'rehearsal';
      readonly before: string;
      readonly version: string;
      readonly ok?: boolean;
      readonly ms?: number;
      readonly note: string;
      readonly output?: string;
    }
  | { readonly event: 'wave'; readonly wave: number; readonly hosts: readonly string[] }
  | ({ readonly event: 'server' } & ServerResult)
  | {
      readonly event: 'ended';
      readonly ok: boolean;
      readonly counts: Readonly<Record<ServerResult['outcome'], number>>;
      /** Tasks that changed something on a server, as Ansible counts them. */
      readonly changed: number;
    };
