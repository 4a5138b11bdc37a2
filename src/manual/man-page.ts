import type { CommandData, FlagData } from './command-data.ts';
import { EXIT_STATUSES } from './exit-statuses.ts';

export interface ManPageData {
  readonly version: string;
  readonly summary: string;
  readonly commands: readonly CommandData[];
  readonly everywhere: readonly { readonly flags: string; readonly description: string }[];
}

/** The man page wdev(1), in the man macros of groff. */
export function manPage({ version, summary, commands, everywhere }: ManPageData): string {
  return [
    `.TH WDEV 1 "" "wdev ${roff(version)}" "Wazo plugin development"`,
    '.SH NAME',
    `wdev \\- ${roff(lower(summary))}`,
    '.SH SYNOPSIS',
    '.B wdev',
    '.I COMMAND',
    '[\\fIARGUMENT\\fR ...] [\\fIFLAG\\fR ...]',
    '.SH COMMANDS',
    ...commands.flatMap(commandLines),
    '.SH EVERYWHERE',
    ...everywhere.flatMap(({ flags, description }) => ['.TP', `.B ${roff(flags)}`, roff(description)]),
    '.SH EXIT STATUS',
    ...EXIT_STATUSES.flatMap(({ status, meaning }) => ['.TP', `.B ${status}`, roff(meaning)]),
    '.SH ENVIRONMENT',
    '.TP',
    '.B NO_COLOR',
    'plain output, when it is set and not empty',
    '.TP',
    '.B WDEV_SANDBOX',
    'best (the default), bubblewrap, unshare or off: how programs of plugins are kept from the rest of the machine',
    '.TP',
    '.B WDEV_PROGRESS',
    'off: nothing is said of work that takes long',
    '.TP',
    '.B WDEV_FILES',
    'files that a plugin, or its package, may have; 10000 by default',
    '.TP',
    '.B WDEV_MEGABYTES',
    'megabytes that they may have together; 1000 by default',
    '.TP',
    '.B XDG_CACHE_HOME',
    'where the Debian systems of stacks and fetched templates are kept, in wdev/; ~/.cache by default',
    '.TP',
    '.B XDG_STATE_HOME',
    'where wdev undo finds what was written, in wdev/; ~/.local/state by default',
    '.TP',
    '.B WDEV_DEBIAN_MIRROR',
    'the Debian mirror that stacks are made from; that of apt by default',
    '.TP',
    '.B WDEV_WAZO_REPOSITORY, WDEV_WAZO_KEY',
    'what wdev stack up --kind wazo takes for --repository and --key when they are not given',
    '.SH FILES',
    '.TP',
    '.B ~/.config/wdev/config.yml',
    'sandbox: and timeout: of the person, as WDEV_SANDBOX and --timeout have them',
    '.TP',
    '.B wdev.yml',
    'settings of a project or plugin',
    '.TP',
    '.B .wdev/',
    'state: the embedded stack, built packages; not for git',
    '.SH SEE ALSO',
    '.B wdev guide',
    'opens the whole manual in a browser, offline.',
    '',
  ].join('\n');
}

function commandLines({
  name,
  summary,
  usage,
  arguments: words,
  flags,
  details,
  commands,
}: CommandData): readonly string[] {
  return [
    `.SS wdev ${roff(name)}${usage === '' ? '' : ` \\fI${roff(usage)}\\fR`}`,
    `${roff(summary)}.`,
    ...words.flatMap(({ usage: word, description, choices }) => [
      '.TP',
      `.I ${roff(word)}`,
      roff(withChoices(description, choices)),
    ]),
    ...flags.flatMap(flagLines),
    ...(details === '' ? [] : ['.PP', '.nf', ...details.split('\n').map(roff), '.fi']),
    ...commands.flatMap(commandLines),
  ];
}

function flagLines({ flags, description, choices, default: preset }: FlagData): readonly string[] {
  const text = withChoices(description, choices);
  return ['.TP', `.B ${roff(flags)}`, roff(preset === undefined ? text : `${text} (default: ${preset})`)];
}

function withChoices(text: string, choices: readonly string[]): string {
  return choices.length === 0 ? text : `${text}: ${choices.join(', ')}`;
}

function lower(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

/** Text as groff takes it: no command at the start of a line, and a minus that can be copied. */
function roff(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('…', '...')
    .replaceAll('×', '\\(mu')
    .replaceAll('→', '\\(->');
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}
