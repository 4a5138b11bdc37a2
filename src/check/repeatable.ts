/** Commands of `install` that cannot run twice, as they do at each upgrade. */

import { hasOption, lineOf, operands, type ShellCommand } from '../readers/shell/command.ts';

interface NotRepeatable {
  readonly message: string;
  readonly help?: string;
  /** The second run fails, and changes nothing. */
  readonly fails?: true;
}

/** Whether what `mkdir` or `ln` makes is never there before: in a folder of mktemp, or removed by an earlier command. */
export function isFresh(command: ShellCommand, earlier: readonly ShellCommand[]): boolean {
  if (command.name !== 'mkdir' && command.name !== 'ln') return false;
  const made = command.name === 'mkdir' ? operands(command) : operands(command).slice(-1);
  const temporary = new Set(
    earlier.flatMap(({ assigns }) =>
      assigns.filter(({ text }) => /\bmktemp\b/.test(text)).map(({ name }) => name),
    ),
  );
  // the folder that a cd leads to may be one of mktemp
  const isElsewhere = earlier.some(({ name, words }) => name === 'cd' && words[0]?.value === undefined);
  const removed = earlier
    .filter(({ name, conditions }) => name === 'rm' && conditions.length === 0)
    .flatMap((one) => operands(one).map(({ value, text }) => (value ?? text).replace(/\/$/, '')));
  return (
    made.length > 0 &&
    made.every(({ value, text, variables }) => {
      const path = (value ?? text).replace(/\/$/, '');
      if (variables.some(({ name }) => temporary.has(name))) return true;
      if (isElsewhere && value !== undefined && !value.startsWith('/')) return true;
      return removed.some((one) => path === one || path.startsWith(`${one}/`));
    })
  );
}

/** Why a second run of a command of `install` does something else than the first one; undefined where it does not. */
export function notRepeatable(command: ShellCommand): NotRepeatable | undefined {
  const { name, conditions, guarded, redirects } = command;
  const line = lineOf(command);
  if (conditions.length > 0) return undefined;
  const first = operands(command)[0]?.value ?? '';
  const appended = redirects.find(
    ({ operator, target }) =>
      operator === '>>' &&
      !(target?.value ?? '/dev/').startsWith('/dev/') &&
      !(target?.value ?? '').endsWith('.log'),
  );
  if (appended !== undefined)
    return {
      message: `Each upgrade appends to ${appended.target?.text ?? 'the file'} again`,
      help: `Look first: grep -q TEXT ${appended.target?.text ?? 'FILE'} || …`,
    };
  if (
    name === 'patch' &&
    !hasOption(command, 'N', 'forward') &&
    !hasOption(command, 'R', 'reverse') &&
    !hasOption(command, '\0', 'dry-run')
  )
    return {
      message: 'patch without --forward asks, and fails, when the patch is there already',
      fails: true,
      help: 'Write patch --forward --reject-file=- … || true, or test with patch --dry-run first.',
    };
  if (guarded) return undefined;
  switch (name) {
    case 'useradd':
    case 'groupadd':
    case 'addgroup':
      if (name === 'addgroup' && hasOption(command, '\0', 'system')) return undefined;
      return {
        fails: true,
        message: `${name} fails when ${first === '' ? 'the account' : (operands(command).at(-1)?.value ?? 'it')} exists`,
      };
    case 'mkdir':
      return hasOption(command, 'p', 'parents')
        ? undefined
        : { fails: true, message: 'mkdir without -p fails when the folder exists' };
    case 'ln':
      return hasOption(command, 'f', 'force')
        ? undefined
        : { fails: true, message: 'ln without -f fails when the link exists' };
    case 'tee': {
      const file = operands(command)[0];
      const grows = hasOption(command, 'a', 'append') && !/^\/dev\/|\.log$/.test(file?.value ?? '/dev/');
      return grows ? { message: `Each upgrade appends to ${file?.text ?? 'the file'} again` } : undefined;
    }
    case 'sed':
      return addsLine(command);
    case 'psql': {
      const made =
        /\bCREATE\s+(?:TABLE|USER|ROLE|DATABASE|SCHEMA|SEQUENCE|TYPE|EXTENSION)\b(?!\s+IF\b)/i.exec(line);
      return made === null ? undefined : { fails: true, message: `${made[0]} fails when it exists` };
    }
    case 'createdb':
    case 'createuser':
      return { fails: true, message: `${name} fails when it exists` };
    case 'cp':
    case 'mv':
      return overwritesBackup(command);
    default:
      return undefined;
  }
}

function overwritesBackup(command: ShellCommand): NotRepeatable | undefined {
  const [from, to] = operands(command).map(({ value }) => value);
  if (from === undefined || to?.startsWith(`${from}.`) !== true || hasOption(command, 'n', 'no-clobber'))
    return undefined;
  return {
    message: `The second run overwrites ${to} with what the first run made`,
    help: 'Copy only when there is no copy: [ -e COPY ] || cp -p FILE COPY',
  };
}

function addsLine(command: ShellCommand): NotRepeatable | undefined {
  if (!hasOption(command, 'i', 'in-place')) return undefined;
  if (!command.words.some(({ value }) => ADDS.test(value ?? ''))) return undefined;
  return { message: `Each upgrade adds the line to ${operands(command).at(-1)?.text ?? 'the file'} again` };
}

/** A script of sed that appends or inserts a line: `/after/a text`, `$a text`, `1i text`. */
const ADDS = /^\s*(?:(?:\/(?:[^/\\]|\\.)+\/I?|\$|\d+)\s*)?[ai](?:\s|\\)/;
