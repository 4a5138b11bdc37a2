/** The events of a simulation. */

export interface Frame {
  readonly file: string;
  readonly line: number;
}

export interface PluginError {
  readonly type: string;
  readonly message: string;
  readonly frames: readonly Frame[];
}

/** Messages of the Python side (python/wdev_simulate.py). */
export type SimulationEvent =
  | {
      readonly event: 'ready';
      readonly generation: string;
      readonly package: 'real' | 'stand-in';
      readonly serial: boolean;
    }
  | {
      readonly event: 'record';
      /** 1-based line of the input; null when the plugin reads by itself. */
      readonly line: number | null;
      readonly fields: Readonly<Record<string, unknown>>;
      /** Fields that cannot be sent, with their Python types. */
      readonly unserialisable: readonly (readonly [string, string])[];
      readonly place: Frame | null;
    }
  /** parse() made no record of the line. */
  | { readonly event: 'none'; readonly line: number | null; readonly place: Frame | null }
  | {
      readonly event: 'raised';
      readonly line: number | null;
      readonly where: 'import' | 'decode' | 'parse' | 'run';
      readonly error: PluginError;
    }
  /** The call logger ended because of what was raised last. */
  | { readonly event: 'ended'; readonly line: number | null }
  | {
      readonly event: 'port';
      readonly path: string;
      readonly rate: number | null;
      readonly written: number;
      readonly read: number;
      readonly reconnects: number;
    }
  /** Lines that end with a carriage return alone: readline() of a port waits for more. */
  | { readonly event: 'unended'; readonly lines: number }
  | { readonly event: 'end'; readonly fed: number; readonly records: number };
