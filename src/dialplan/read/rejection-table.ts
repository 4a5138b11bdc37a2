/** The levels of Asterisk's log that a refusal can have. */
export type LogLevel = 'ERROR' | 'WARNING' | 'NOTICE';

/**
 * Asterisk 22's words when it refuses a part of a configuration or of a dialplan. One table writes our own log
 * lines and reads those of a real Asterisk, so the codes are the same. The first row of a code is the one written.
 */
export interface RejectionRow {
  readonly code: RejectionCode;
  readonly level: LogLevel;
  readonly source: string;
  /** Asterisk's words; `{name}` stands for a part that varies. */
  readonly text: string;
  /** `reason` is logged before a `place` line about the same thing; see rejectionsOf(). */
  readonly part?: 'reason' | 'place';
}

const row = <Code extends string>(
  code: Code,
  level: LogLevel,
  source: string,
  text: string,
  part?: 'reason' | 'place',
): { code: Code; level: LogLevel; source: string; text: string; part?: 'reason' | 'place' } =>
  part === undefined ? { code, level, source, text } : { code, level, source, text, part };

const W = 'WARNING';
const E = 'ERROR';
const CONFIG = 'config.c';
const PBX = 'pbx.c';
const LOAD = 'pbx_config.c';
const TIMING = 'pbx_timing.c';

const TABLE = [
  // the configuration format
  row('dialplan-no-equals', W, CONFIG, "No '=' (equal sign) in line {line} of {file}"),
  row('dialplan-no-name', W, CONFIG, 'No variable name in line {line} of {file}'),
  row('dialplan-no-context', W, CONFIG, 'parse error: No category context for line {line} of {file}'),
  row('dialplan-unclosed-section', W, CONFIG, "parse error: no closing ']', line {line} of {file}"),
  row('dialplan-unclosed-options', W, CONFIG, "parse error: no closing ')', line {line} of {file}"),
  row(
    'dialplan-unknown-addition',
    W,
    CONFIG,
    "Category addition requested, but category '{context}' does not exist, line {line} of {file}",
  ),
  row(
    'dialplan-unknown-template',
    W,
    CONFIG,
    "Inheritance requested, but category '{context}' does not exist, line {line} of {file}",
  ),
  row('dialplan-unknown-hash', W, CONFIG, "Unknown directive '#{value}' at line {line} of {file}"),
  row(
    'dialplan-empty-include',
    W,
    CONFIG,
    "Directive '#{value}' needs an argument ({argument}) at line {line} of {file}",
  ),
  row(
    'dialplan-missing-file',
    E,
    CONFIG,
    "The file '{value}' was listed as a #include but it does not exist.",
  ),
  row('dialplan-not-a-file', W, CONFIG, "'{file}' is not a regular file, ignoring"),
  row(
    'dialplan-included-twice',
    W,
    CONFIG,
    "'{file}', line {line}:  Same File included more than once! This data will be saved in {value} if saved back to disk.",
  ),
  row('dialplan-include-depth', W, CONFIG, 'Maximum Include level ({count}) exceeded'),
  row(
    'dialplan-exec-disabled',
    W,
    CONFIG,
    'Cannot perform #exec unless execincludes option is enabled in asterisk.conf (options section)!',
  ),
  row('dialplan-exec-failed', W, CONFIG, "The file '{value}' was listed as a #exec but it does not exist."),
  row('dialplan-unclosed-comment', W, CONFIG, 'Unterminated comment detected beginning on line {line}'),
  row('dialplan-long-line', W, CONFIG, 'Line {line} too long, skipping. It begins with: {value}...'),
  // what pbx_config makes of it
  row(
    'dialplan-unknown-directive',
    W,
    LOAD,
    '==!!== Unknown directive: {value} at line {line} of {file} -- IGNORING!!!',
  ),
  row('dialplan-bad-number', W, LOAD, "Invalid priority '{priority}' at line {line} of {file}"),
  row(
    'dialplan-bad-priority',
    W,
    LOAD,
    "Invalid priority/label '{priority}' at line {line} of {file}",
    'place',
  ),
  row('dialplan-unclosed-label', W, LOAD, "Label missing trailing ')' at line {line} of {file}"),
  row(
    'dialplan-unclosed-application',
    W,
    LOAD,
    "No closing parenthesis found? '{value}' at line {line} of {file}",
  ),
  row(
    'dialplan-first-next',
    W,
    LOAD,
    "Can't use 'next' priority on the first entry at line {line} of {file}!",
  ),
  row(
    'dialplan-first-same',
    W,
    LOAD,
    "Can't use 'same' priority on the first entry at line {line} of {file}!",
  ),
  row(
    'dialplan-same-without-extension',
    E,
    LOAD,
    "No previous pattern in the first entry of context '{context}' to match 'same' at line {line} of {file}!",
  ),
  row('dialplan-not-registered', W, LOAD, 'Unable to register extension at line {line} of {file}', 'place'),
  row(
    'dialplan-include-twice',
    W,
    LOAD,
    "Context '{value}' already included in '{context}' context on include at line {line} of {file}",
  ),
  row(
    'dialplan-ignorepat-twice',
    W,
    LOAD,
    "Unable to include ignorepat '{value}' in context '{context}' at line {line} of {file}",
  ),
  row(
    'dialplan-switch-twice',
    W,
    LOAD,
    "Unable to include switch '{value}' in context '{context}' at line {line} of {file}",
  ),
  row(
    'dialplan-greedy-pattern',
    W,
    LOAD,
    "The use of '{exten}' for an extension is strongly discouraged and can have unexpected behavior.  Please use '{value}' instead at line {line} of {file}",
  ),
  // the dialplan itself
  row('dialplan-empty-set', W, PBX, "Empty character set in exten pattern '{exten}'. Ignoring."),
  row('dialplan-unknown-switch', W, PBX, "No such switch '{value}'"),
  row('dialplan-circular-include', W, PBX, 'Avoiding circular include of {value} within {context}'),
  row(
    'dialplan-aliased-extension',
    W,
    PBX,
    "Unable to register extension '{exten}' priority {priority} in '{context}', already in use by aliased extension '{value}'",
    'reason',
  ),
  row(
    'dialplan-duplicate-priority',
    W,
    PBX,
    "Unable to register extension '{exten}' priority {priority} in '{context}', already in use",
    'reason',
  ),
  row('dialplan-duplicate-caller', W, PBX, 'Found duplicate exten. Had {value} found {exten}'),
  row(
    'dialplan-duplicate-label',
    W,
    PBX,
    "Extension '{exten}' priority {priority} in '{context}', label '{label}' already in use at priority {other}",
  ),
  row(
    'dialplan-empty-extension',
    E,
    PBX,
    "You have to be kidding-- add exten '{exten}' to context {context}? Figure out a name and call me back. Action ignored.",
    'reason',
  ),
  row(
    'dialplan-unknown-extension',
    'NOTICE',
    PBX,
    "Cannot find extension '{exten}' in context '{context}'",
    'reason',
  ),
  row(
    'dialplan-unknown-label',
    'NOTICE',
    PBX,
    "No such label '{label}' in extension '{exten}' in context '{context}'",
    'reason',
  ),
  row('dialplan-include-overflow', W, PBX, 'Maximum PBX stack ({count}) exceeded. Too many includes?'),
  row('dialplan-bad-bracket', W, PBX, 'Wrong usage of [] in the extension'),
  row('dialplan-unclosed-bracket', W, PBX, "A matching ']' was not found for '[' in exten pattern '{exten}'"),
  row(
    'dialplan-unknown-include',
    W,
    PBX,
    "Context '{context}' tries to include nonexistent context '{value}'",
  ),
  row('dialplan-bad-expression', W, 'pbx_variables.c', "Error in extension logic (missing '{value}')"),
  row(
    'dialplan-unclosed-function',
    W,
    'pbx_functions.c',
    "Can't find trailing parenthesis for function '{value}'?",
  ),
  row('dialplan-unknown-function', E, 'pbx_functions.c', 'Function {value} not registered'),
  row('dialplan-bad-start-time', W, TIMING, "'{value}' isn't a valid start time."),
  row('dialplan-bad-end-time', W, TIMING, "'{value}' isn't a valid end time."),
  row('dialplan-bad-time', W, TIMING, "Invalid time range starting with '{value}'."),
  row('dialplan-bad-single-time', W, TIMING, "{value} isn't a valid time."),
  row('dialplan-bad-time-part', W, TIMING, "Invalid {part} '{value}', skipping element"),
  row(
    'dialplan-aliased-label',
    W,
    PBX,
    "Extension '{exten}' priority {priority} in '{context}', label '{label}' already in use at aliased extension '{value}' priority {other}",
  ),
  // the whole of it
  row('dialplan-already-loaded', W, 'loader.c', "Module '{value}' already loaded and running."),
  row('dialplan-refused', E, 'loader.c', '{value} declined to load.'),
  row(
    'dialplan-reload-busy',
    'NOTICE',
    'loader.c',
    'A module reload request is already in progress; please be patient',
  ),
] as const;

export type RejectionCode = (typeof TABLE)[number]['code'];

export const REJECTION_TABLE: readonly RejectionRow[] = TABLE;
