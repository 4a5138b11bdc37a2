import type { Level } from '../support/finding.ts';

interface Rule<Code extends string> {
  readonly code: Code;
  readonly level: Level;
  readonly sentence: string;
  readonly help: string;
  readonly explanation: string;
  readonly bad: string;
  readonly good: string;
  readonly source?: string;
}

const rule = <const Code extends string>(
  code: Code,
  level: Level,
  sentence: string,
  help: string,
  explanation: string,
  bad: string,
  good: string,
): Rule<Code> => ({ code, level, sentence, help, explanation, bad: `${bad}\n`, good: `${good}\n` });

/** What Asterisk loads without a word, and only a call shows; the finding's message is the sentence. */
export const CALL_RULES = [
  rule(
    'dialplan-unknown-application',
    'warning',
    'Asterisk 22 has no application {value}.',
    'Check the spelling; core show applications lists them. A module of your own is fine.',
    'The line is loaded; a call that comes to it is hung up: "No application for extension".',
    '[acme]\nexten = s,1,Playbck(hello-world)',
    '[acme]\nexten = s,1,Playback(hello-world)',
  ),
  rule(
    'dialplan-gone-application',
    'error',
    '{value} is gone from Asterisk.',
    'Use Gosub and Return in the place of Macro.',
    'Asterisk 21 removed it: a call that comes to this line is hung up.',
    '[acme]\nexten = s,1,Macro(acme)',
    '[acme]\nexten = s,1,Gosub(acme-sub,s,1)\n[acme-sub]\nexten = s,1,Return()',
  ),
  rule(
    'dialplan-no-application',
    'error',
    'The priority has no application.',
    'Write one, NoOp() at least.',
    'The line is loaded; a call that comes to it is hung up.',
    '[acme]\nexten = s,1',
    '[acme]\nexten = s,1,NoOp()',
  ),
  rule(
    'dialplan-missing-argument',
    'warning',
    '{value} needs an argument: {syntax}',
    'Give it one.',
    'Most applications warn in the log and hang up, or do nothing.',
    '[acme]\nexten = s,1,Gosub()',
    '[acme]\nexten = s,1,Gosub(acme,t,1)\nexten = t,1,Return()',
  ),
  rule(
    'dialplan-unknown-function',
    'warning',
    'Asterisk 22 has no function {value}.',
    'Check the spelling; core show functions lists them.',
    'An error in the log at each call, and an empty text in its place.',
    '[acme]\nexten = s,1,NoOp(${CALERID(num)})',
    '[acme]\nexten = s,1,NoOp(${CALLERID(num)})',
  ),
  rule(
    'dialplan-function-case',
    'error',
    'The function {value} is written {right}.',
    'Write it in capitals.',
    'Names of functions are compared with their case: Asterisk finds none, logs an error and takes an empty text.',
    '[acme]\nexten = s,1,NoOp(${len(abc)})',
    '[acme]\nexten = s,1,NoOp(${LEN(abc)})',
  ),
  rule(
    'dialplan-unbalanced',
    'error',
    '{value} is not closed.',
    'Close ${ with }, and $[ with ].',
    '"Error in extension logic" at each call, and the rest of the line is taken for its name.',
    '[acme]\nexten = s,1,NoOp(${EXTEN)',
    '[acme]\nexten = s,1,NoOp(${EXTEN})',
  ),
  rule(
    'dialplan-unknown-context',
    'warning',
    'There is no context {value}, neither here nor in the stack.',
    'Check the name, or ship the context.',
    'A call that goes there is hung up.',
    '[acme]\nexten = s,1,Goto(acme-menu,s,1)',
    '[acme]\nexten = s,1,Goto(acme-menu,s,1)\n[acme-menu]\nexten = s,1,Hangup()',
  ),
  rule(
    'dialplan-unknown-target',
    'error',
    'There is no {value}.',
    'Check the spelling, or add it.',
    'A call that goes there is hung up, or goes to the extension i.',
    '[acme]\nexten = s,1,Goto(end)\nsame = n(done),Hangup()',
    '[acme]\nexten = s,1,Goto(end)\nsame = n(end),Hangup()',
  ),
  rule(
    'dialplan-no-first-priority',
    'warning',
    'Extension {value} begins at priority {number}.',
    'Begin with 1, or give it a label when it is only jumped to.',
    'A call enters an extension at priority 1: here it finds none.',
    '[acme]\nexten = 12,2,Hangup()',
    '[acme]\nexten = 12,1,Hangup()',
  ),
  rule(
    'dialplan-gap',
    'warning',
    'Priority {to} comes after {from}: nothing leads there.',
    'Use n, or give it a label.',
    'Asterisk goes on with the next number only; at a gap the call ends.',
    '[acme]\nexten = s,1,NoOp()\nexten = s,3,Hangup()',
    '[acme]\nexten = s,1,NoOp()\nexten = s,n,Hangup()',
  ),
  rule(
    'dialplan-unreachable',
    'info',
    'No call comes here: {value} ends the line before.',
    'Remove it, or give it a label.',
    'Dead lines hide what a dialplan does.',
    '[acme]\nexten = s,1,Hangup()\nsame = n,NoOp()',
    '[acme]\nexten = s,1,NoOp()\nsame = n,Hangup()',
  ),
  rule(
    'dialplan-missing-return',
    'warning',
    'The subroutine {value} does not end with Return().',
    'End it with Return().',
    'At its end the call is hung up instead of going on behind the Gosub.',
    '[acme]\nexten = s,1,Gosub(acme-sub,s,1)\n[acme-sub]\nexten = s,1,NoOp()',
    '[acme]\nexten = s,1,Gosub(acme-sub,s,1)\n[acme-sub]\nexten = s,1,NoOp()\nsame = n,Return()',
  ),
  rule(
    'dialplan-return-without-gosub',
    'error',
    'Extension {value} is entered by dialling: there is nothing to return to.',
    'End it with Hangup().',
    '"Return without Gosub: stack is empty" in the log, and the call ends.',
    '[xivo-extrafeatures]\nexten = ***42,1,Answer()\nsame = n,Return()',
    '[xivo-extrafeatures]\nexten = ***42,1,Answer()\nsame = n,Hangup()',
  ),
  rule(
    'dialplan-no-hangup',
    'info',
    'Extension {value} does not end with Hangup().',
    'End it with Hangup().',
    'Asterisk ends the call by itself there, with the cause of what happened last.',
    '[xivo-extrafeatures]\nexten = ***42,1,Answer()',
    '[xivo-extrafeatures]\nexten = ***42,1,Answer()\nsame = n,Hangup()',
  ),
  rule(
    'dialplan-xivo-variable',
    'warning',
    '{value} is an old name.',
    'Use the WAZO_ variable.',
    'XIVO_ variables are copied around each subroutine for old dialplans only, and a deprecation is logged.',
    '[acme]\nexten = s,1,NoOp(${XIVO_USERID})',
    '[acme]\nexten = s,1,NoOp(${WAZO_USERID})',
  ),
  rule(
    'dialplan-backup-file',
    'error',
    'extensions_extra.d/* takes every file: {value} is loaded as dialplan.',
    'Remove it, or name it .conf if it is meant.',
    'Backups of editors and packages bring old lines back, or take the priorities of new ones.',
    '[acme]\nexten = s,1,NoOp()',
    '[acme]\nexten = s,1,NoOp()',
  ),
  rule(
    'dialplan-self-addition',
    'error',
    'A section adds itself to itself.',
    'Remove its own name from the parentheses.',
    'Asterisk 22 copies the section without end, until the memory of the machine is gone.',
    '[acme]\nexten = s,1,NoOp()\n[acme](+,acme)',
    '[acme]\nexten = s,1,NoOp()\n[acme](+)',
  ),
] as const;
