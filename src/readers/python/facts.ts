/** What facts.py says of Python files: the shape of its answer. Lines and columns count from 1. */

export interface PythonFacts {
  /** By path. */
  readonly files: Readonly<Record<string, PythonFile>>;
  /** `major.minor` of the Python that read them. */
  readonly version: string;
}

export interface PythonFile {
  readonly error?: { readonly message: string; readonly line: number; readonly column: number };
  readonly imports: readonly PythonImport[];
  /** Names that the module has at its top level. */
  readonly names: readonly string[];
  /** `from x import *` stands at the top level, or `__getattr__`: any name may be there. */
  readonly open: boolean;
  readonly classes: readonly PythonClass[];
  readonly calls: readonly PythonCall[];
  /** Entry points that setup.cfg or pyproject.toml declare. */
  readonly settings?: SetupSettings;
}

interface SetupSettings {
  readonly name?: string;
  readonly version?: string;
  readonly entryPoints: Readonly<Record<string, readonly string[]>>;
  /** Whether other packages are required. */
  readonly requires: boolean;
}

interface PythonImport {
  /** `a.b`; empty in `from . import x`. */
  readonly module: string;
  /** Dots before the module. */
  readonly level: number;
  /** Names after `import`; empty in `import a.b`. */
  readonly names: readonly string[];
  readonly line: number;
  readonly column: number;
  /** A module of Python itself. */
  readonly standard: boolean;
  /** In a `try`, an `if` or a function: its failure may be meant. */
  readonly optional: boolean;
}

export interface PythonClass {
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly bases: readonly string[];
  readonly methods: readonly PythonMethod[];
  /** Names that its body gives a value. */
  readonly attributes: readonly string[];
}

interface PythonMethod {
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly decorators: readonly string[];
}

interface PythonCall {
  /** `yaml.load`, also of `from yaml import load as read`. */
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly args: readonly PythonValue[];
  readonly keywords: Readonly<Record<string, PythonValue>>;
}

/** An expression, as far as it is literal. */
export type PythonValue =
  | {
      readonly is: 'text';
      readonly value: string;
      readonly line: number;
      readonly column: number;
      readonly end: number;
    }
  | { readonly is: 'constant'; readonly value: string }
  | { readonly is: 'list'; readonly items: readonly PythonValue[] }
  | { readonly is: 'dict'; readonly entries: readonly (readonly [PythonValue, PythonValue])[] }
  | {
      readonly is: 'call';
      readonly name: string;
      readonly args: readonly PythonValue[];
      readonly keywords: Readonly<Record<string, PythonValue>>;
    }
  | { readonly is: 'name'; readonly value: string }
  | { readonly is: 'other' };
