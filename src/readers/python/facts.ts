/** The facts of Python files. Lines and columns count from 1, offsets from 0, in UTF-16 units. */

export interface PythonFacts {
  /** By path. */
  readonly files: Readonly<Record<string, PythonFile>>;
  /** `major.minor` of the Python that read them. */
  readonly version: string;
}

export interface PythonFile {
  readonly error?: { readonly message: string; readonly line: number; readonly column: number };
  /** Python ended at it, or took too long, or was not asked for its size: nothing is known of it. */
  readonly unread?: true;
  readonly imports: readonly PythonImport[];
  /** Names that the module has at its top level. */
  readonly names: readonly string[];
  /** `from x import *` stands at the top level, or `__getattr__`: any name may be there. */
  readonly open: boolean;
  readonly classes: readonly PythonClass[];
  readonly calls: readonly PythonCall[];
  /** Members of modules of Python that are read by the module's name: `collections.Mapping`. */
  readonly reads?: readonly PythonRead[];
  /** Entry points that setup.cfg or pyproject.toml declare. */
  readonly settings?: SetupSettings;
}

export interface SetupSettings {
  readonly name?: string;
  readonly version?: string;
  readonly entryPoints: readonly {
    readonly group: string;
    /** `name = module:attribute` */
    readonly text: string;
    readonly line: number;
  }[];
  /** Whether other packages are required. */
  readonly requires: boolean;
}

/** pyproject.toml as facts.py answers it: without places. */
export interface TomlSettings extends Omit<SetupSettings, 'entryPoints'> {
  readonly entryPoints: Readonly<Record<string, readonly string[]>>;
}

/** An answer of facts.py. */
export interface PythonAnswer extends Omit<PythonFile, 'settings'> {
  /** Seconds of the processor that it took. */
  readonly seconds?: number;
  readonly settings?: TomlSettings;
}

interface PythonRead {
  readonly module: string;
  readonly name: string;
  readonly line: number;
  readonly column: number;
  /** In a `try`, an `if` or a function: it may never be read. */
  readonly optional: boolean;
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
  /** The ACLs that `required_acl` names. */
  readonly rights: readonly { readonly text: string; readonly line: number; readonly column: number }[];
  readonly parameters: readonly string[];
  /** Whether it has `**kwargs`. */
  readonly takes_any: boolean;
}

/** Where an expression lies. */
interface Span {
  readonly from: number;
  readonly to: number;
}

interface CallParts extends Span {
  /** `yaml.load`, also of `from yaml import load as read`. */
  readonly name: string;
  readonly args: readonly PythonValue[];
  readonly keywords: Readonly<Record<string, PythonValue>>;
  /** `**more` gives it keywords that are not read. */
  readonly open?: true;
  /** Behind the last argument; at `)` when there is none. */
  readonly argsTo: number;
}

export interface PythonCall extends CallParts {
  readonly line: number;
  readonly column: number;
  /** Of an `add_resource` in a function: its name; whether it may be left out; the key of `dependencies['api']`. */
  readonly within?: string;
  readonly optional?: boolean;
  readonly on?: string;
}

export interface PythonString extends Span {
  readonly is: 'text';
  readonly value: string;
  readonly line: number;
  readonly column: number;
}

export interface PythonList extends Span {
  readonly is: 'list';
  readonly items: readonly PythonValue[];
}

export interface PythonDict extends Span {
  readonly is: 'dict';
  readonly entries: readonly (readonly [PythonValue, PythonValue])[];
}

/** An expression, as far as it is literal; of a name that stands for one, the place where that is written. */
export type PythonValue =
  | PythonString
  | PythonList
  | PythonDict
  | (Span & { readonly is: 'constant'; readonly value: string })
  | (CallParts & { readonly is: 'call' })
  | (Span & { readonly is: 'name'; readonly value: string })
  /** `metadata['name']` */
  | (Span & { readonly is: 'item'; readonly of: string; readonly key: string })
  | (Span & { readonly is: 'other' });
