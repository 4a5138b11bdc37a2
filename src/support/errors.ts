/** Exit status of `wdev`, the same for every command. */
export const EXIT = { done: 0, failed: 1, usage: 2, unreachable: 3, interrupted: 130 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface UserErrorOptions {
  /** The next thing to try. */
  readonly help?: string;
  /** Exit status; 1 by default. */
  readonly exit?: ExitCode;
  readonly cause?: unknown;
}

/** An error that is meant for a person: printed as a sentence and a help line, without a stack trace. */
export class UserError extends Error {
  readonly code: string;
  readonly help: string | undefined;
  readonly exit: ExitCode;

  constructor(code: string, message: string, options: UserErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'UserError';
    this.code = code;
    this.help = options.help;
    this.exit = options.exit ?? EXIT.failed;
  }
}

/** Wrong use of the command line: exit status 2. */
export function usageError(message: string, help?: string): UserError {
  return new UserError(
    'usage',
    message,
    help === undefined ? { exit: EXIT.usage } : { exit: EXIT.usage, help },
  );
}

/** A refusal of the system that a person can do something about. */
const REFUSALS: Readonly<Record<string, { readonly what: string; readonly help: string }>> = {
  EACCES: { what: 'no permission for', help: 'Check who owns it (ls -ld), or work in a folder of your own.' },
  EPERM: { what: 'not allowed on', help: 'Check who owns it (ls -ld), or work in a folder of your own.' },
  EROFS: { what: 'the file system is read-only:', help: 'Work in a folder that can be written to.' },
  ENOSPC: { what: 'no space is left for', help: 'Make room; df -h shows what is full.' },
  ENOTDIR: { what: 'a part of this path is not a folder:', help: 'Name another place.' },
  EDQUOT: { what: 'no quota is left for', help: 'Make room; quota shows how much you may use.' },
  ELOOP: { what: 'symlinks lead in a circle:', help: 'Name another place.' },
  ENAMETOOLONG: { what: 'the name is too long:', help: 'Name another place.' },
  EISDIR: { what: 'a folder is in the way:', help: 'Name a file.' },
};

/** The same of a folder that was to be made. */
const REFUSED_FOLDERS: typeof REFUSALS = {
  EEXIST: { what: 'a file is in the way:', help: 'Name a folder.' },
  ENOENT: { what: 'no folder can be made at', help: 'Name another place.' },
};

/** The same of a program that was to be started. */
const REFUSED_PROGRAMS: typeof REFUSALS = {
  ENOENT: { what: 'there is no program', help: 'Check its name, and that it is installed: command -v NAME' },
  EACCES: { what: 'no permission to run', help: 'Check that it is executable (ls -l).' },
};

/** An error of the system that is no defect of ours, for a person. */
export function refusalOf(error: unknown): UserError | undefined {
  const { code = '', path, syscall } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  if (code === 'ENOENT' && syscall === 'uv_cwd') return folderGone(error);
  const isProgram = syscall?.startsWith('spawn ') === true;
  const own = isProgram ? REFUSED_PROGRAMS : syscall === 'mkdir' ? REFUSED_FOLDERS : REFUSALS;
  const refusal = own[code] ?? REFUSALS[code];
  if (refusal === undefined) return undefined;
  // a write to an open file does not say which
  if (path === undefined) return FULL.has(code) ? full(refusal.what, error) : undefined;
  return new UserError('refused', `${refusal.what} ${path}${isProgram ? '' : ` (${syscall})`}`, {
    help: refusal.help,
    cause: error,
  });
}

const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);

function full(what: string, cause: unknown): UserError {
  return new UserError('refused', `${what} a file that wdev was writing`, {
    help: 'Make room; df -h shows what is full. Temporary files may lie elsewhere: TMPDIR=/var/tmp wdev …',
    cause,
  });
}

function folderGone(cause: unknown): UserError {
  return new UserError('folder-gone', 'the folder that you are in is gone', {
    help: 'Go to one that is there: cd FOLDER, or --cwd FOLDER.',
    exit: EXIT.usage,
    cause,
  });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
