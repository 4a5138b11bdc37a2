import type { LintCode } from '../../findings/catalogue.ts';
import type { DialplanExample } from '../rule.ts';

/** A file that loads and goes wrong in a call, and the same put right. */
export const CALL_EXAMPLES: Readonly<Record<LintCode, DialplanExample>> = {
  'dialplan-not-read': {
    bad: `[acme]\nexten = s,1,Return()\n#tryinclude "${'{a,b}'.repeat(9)}.conf"\n`,
    good: '[acme]\nexten = s,1,Return()\n#tryinclude "acme-{a,b}.conf"\n',
  },
  'dialplan-unknown-application': {
    bad: '[acme]\nexten = s,1,Playbck(hello-world)\n',
    good: '[acme]\nexten = s,1,Playback(hello-world)\n',
  },
  'dialplan-gone-application': {
    bad: '[acme]\nexten = s,1,Macro(acme)\n',
    good: '[acme]\nexten = s,1,Gosub(acme-sub,s,1)\n[acme-sub]\nexten = s,1,Return()\n',
  },
  'dialplan-no-application': {
    bad: '[acme]\nexten = s,1\n',
    good: '[acme]\nexten = s,1,NoOp()\n',
  },
  'dialplan-missing-argument': {
    bad: '[acme]\nexten = s,1,Gosub()\n',
    good: '[acme]\nexten = s,1,Gosub(acme,t,1)\nexten = t,1,Return()\n',
  },
  'dialplan-extra-argument': {
    bad: '[acme]\nexten = s,1,Playback(hello-world,noanswer,tt-weasels)\n',
    good: '[acme]\nexten = s,1,Playback(hello-world&tt-weasels,noanswer)\n',
  },
  'dialplan-unknown-function': {
    bad: '[acme]\nexten = s,1,NoOp(${CALERID(num)})\n',
    good: '[acme]\nexten = s,1,NoOp(${CALLERID(num)})\n',
  },
  'dialplan-function-case': {
    bad: '[acme]\nexten = s,1,NoOp(${len(abc)})\n',
    good: '[acme]\nexten = s,1,NoOp(${LEN(abc)})\n',
  },
  'dialplan-unbalanced': {
    bad: '[acme]\nexten = s,1,NoOp(${EXTEN)\n',
    good: '[acme]\nexten = s,1,NoOp(${EXTEN})\n',
  },
  'dialplan-unknown-context': {
    bad: '[acme]\nexten = s,1,Goto(acme-menu,s,1)\n',
    good: '[acme]\nexten = s,1,Goto(acme-menu,s,1)\n[acme-menu]\nexten = s,1,Hangup()\n',
  },
  'dialplan-unknown-target': {
    bad: '[acme]\nexten = s,1,Goto(end)\nsame = n(done),Hangup()\n',
    good: '[acme]\nexten = s,1,Goto(end)\nsame = n(end),Hangup()\n',
  },
  'dialplan-no-first-priority': {
    bad: '[acme]\nexten = 12,2,Hangup()\n',
    good: '[acme]\nexten = 12,1,Hangup()\n',
  },
  'dialplan-gap': {
    bad: '[acme]\nexten = s,1,NoOp()\nexten = s,3,Hangup()\n',
    good: '[acme]\nexten = s,1,NoOp()\nexten = s,n,Hangup()\n',
  },
  'dialplan-unreachable': {
    bad: '[acme]\nexten = s,1,Hangup()\nsame = n,NoOp()\n',
    good: '[acme]\nexten = s,1,NoOp()\nsame = n,Hangup()\n',
  },
  'dialplan-missing-return': {
    bad: '[acme]\nexten = s,1,Gosub(acme-sub,s,1)\n[acme-sub]\nexten = s,1,NoOp()\n',
    good: '[acme]\nexten = s,1,Gosub(acme-sub,s,1)\n[acme-sub]\nexten = s,1,NoOp()\nsame = n,Return()\n',
  },
  'dialplan-return-without-gosub': {
    bad: '[xivo-extrafeatures]\nexten = ***42,1,Answer()\nsame = n,Return()\n',
    good: '[xivo-extrafeatures]\nexten = ***42,1,Answer()\nsame = n,Hangup()\n',
  },
  'dialplan-no-hangup': {
    bad: '[xivo-extrafeatures]\nexten = ***42,1,Answer()\n',
    good: '[xivo-extrafeatures]\nexten = ***42,1,Answer()\nsame = n,Hangup()\n',
  },
  'dialplan-no-answer': {
    bad: '[xivo-extrafeatures]\nexten = ***42,1,Playback(hello-world)\nsame = n,Hangup()\n',
    good: '[xivo-extrafeatures]\nexten = ***42,1,Answer()\nsame = n,Playback(hello-world)\nsame = n,Hangup()\n',
  },
  'dialplan-stock-context': {
    bad: '[user]\nexten = s,1,NoOp()\nsame = n,Hangup()\n',
    good: '[acme]\nexten = s,1,NoOp()\nsame = n,Hangup()\n',
  },
  'dialplan-no-section': {
    bad: 'exten = s,1,NoOp()\n[acme]\n',
    good: '[acme]\nexten = s,1,NoOp()\n',
  },
  'dialplan-xivo-variable': {
    bad: '[acme]\nexten = s,1,NoOp(${XIVO_USERID})\n',
    good: '[acme]\nexten = s,1,NoOp(${WAZO_USERID})\n',
  },
  'dialplan-backup-file': {
    bad: '[acme]\nexten = s,1,NoOp()\n',
    good: '[acme]\nexten = s,1,NoOp()\n',
  },
  'dialplan-behind-header': {
    bad: '[acme] exten = s,1,NoOp()\n',
    good: '[acme]\nexten = s,1,NoOp()\n',
  },
  'dialplan-section-name': {
    bad: `[${'acme-'.repeat(17)}]\nexten = s,1,NoOp()\n`,
    good: `[${'acme-'.repeat(15)}]\nexten = s,1,NoOp()\n`,
  },
  'dialplan-byte-order-mark': {
    bad: '\uFEFF[acme]\nexten = s,1,NoOp()\n',
    good: '[acme]\nexten = s,1,NoOp()\n',
  },
  'dialplan-self-addition': {
    bad: '[acme]\nexten = s,1,NoOp()\n[acme](+,acme)\n',
    good: '[acme]\nexten = s,1,NoOp()\n[acme](+)\n',
  },
};
