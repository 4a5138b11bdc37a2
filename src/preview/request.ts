/** Requests to the Python side of a preview (python/wdev_server.py) and its answers; one JSON line each. */

export interface ConfigLayer {
  /** As a finding names it. */
  readonly file: string;
  readonly text: string;
  /** The values that our reader gives, for `decode` of wdev_values.py; only used where the interpreter has no PyYAML. */
  readonly value: unknown;
  readonly error?: string;
}

export interface PreviewRequest {
  /** Stands for `/`: the plugin's files lie below it as they would be installed. */
  readonly root: string;
  /** Folders with Python packages, first one first. */
  readonly path: readonly string[];
  readonly resource: string;
  readonly filename: string;
  readonly namespace: string;
  /** Name of the entry point. */
  readonly driver: string;
  /** First one wins. */
  readonly layers: readonly ConfigLayer[];
  readonly allowExec: boolean;
  /** Answers of DAO functions, by name. */
  readonly dao: Readonly<Record<string, unknown>>;
  /** Texts that wazo-confgend itself would make, by `resource/filename`. */
  readonly stock: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly limit: number;
}

export type PreviewPhase = 'import' | 'init' | 'generate';

export interface PythonFrame {
  readonly file: string;
  readonly line: number;
}

export interface PythonError {
  readonly type: string;
  readonly message: string;
  /** Those that lie in the plugin, innermost last. */
  readonly frames: readonly PythonFrame[];
  /** Whether it is a RuntimeError, which wazo-confgend takes for "no such driver". */
  readonly runtime: boolean;
  /** Undeclared data: `dao NAME`, `query NAME`, `stock FILE`, `template`. */
  readonly missing: string | null;
  /** The call that nothing is declared for, as keys of `dao` write it. */
  readonly call: string | null;
}

export interface PreviewReply {
  readonly outcome:
    | 'text'
    | 'empty'
    | 'none'
    | 'bytes'
    | 'other'
    | 'not-utf8'
    | 'raised'
    | 'timeout'
    | 'died';
  readonly text?: string;
  /** Line of the text that can't be written as UTF-8. */
  readonly line?: number;
  /** Python type of what generate() returned. */
  readonly type?: string;
  readonly phase?: PreviewPhase;
  readonly error?: PythonError;
  readonly problems?: readonly ConfigProblem[];
  /** Use of the database or the network. */
  readonly touches?: readonly Touch[];
  /** The driver that the settings name for this file. */
  readonly enabled?: string | null;
  /** Entry points of the file's group in all packages. */
  readonly found?: readonly { readonly name: string; readonly value: string; readonly package: string }[];
  /** Names that a template used without a value. */
  readonly undefined?: readonly string[];
  readonly printed?: string;
  /** Where the plugin defines the methods. */
  readonly places?: Partial<Record<PreviewPhase, PythonFrame>>;
  /** Milliseconds of each phase. */
  readonly ms?: Partial<Record<PreviewPhase, number>>;
  /** Milliseconds in the interpreter, fork included. */
  readonly total: number;
}

export interface ConfigProblem {
  readonly file: string;
  readonly kind: 'exec' | 'invalid' | 'no-mapping';
  readonly message: string;
  readonly line: number | null;
}

export interface Touch {
  readonly what: 'database' | 'network';
  readonly phase: PreviewPhase;
  readonly detail: string;
  readonly frames: readonly PythonFrame[];
}

/** The first line of an interpreter that is ready. */
export interface InterpreterHello {
  readonly executable: string;
  readonly version: string;
  readonly has: Readonly<Record<'yaml' | 'jinja2' | 'stevedore', boolean>>;
}
