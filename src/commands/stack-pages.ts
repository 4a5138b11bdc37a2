/** The texts below the options in the help of `wdev stack` and its commands. */

/** The kinds of stacks, for the pages on which one is chosen. */
const KINDS = `
Kinds of stacks:
  embedded  a folder of this project, .wdev/stack, with a stand-in for Asterisk;
            runs everywhere
  real      a Debian machine with Asterisk 22, systemd and sshd, but without
            Wazo's services; needs root
  wazo      a Debian 12 machine with Wazo's own services, PostgreSQL and
            RabbitMQ; needs root
Real and wazo stacks have a network of their own, which does not reach servers
on this machine. wdev doctor shows what they need.`;

const DEFAULT = `
wdev stack up starts a real stack unless --kind says otherwise. The other
commands use the stack named default, else the one named wazo, else the embedded
stack of this project, unless --name or --kind says otherwise.`;

const UP = `${KINDS}

Wazo's packages come from Wazo's repository, or from the one that you name.
Without --with, the stack has the services that the plugins below this folder
need, and Asterisk if one has a dialplan or an AGI handler:
  wdev stack up --kind wazo
  wdev stack up --kind wazo --with calld,dird,asterisk
  wdev stack up --kind wazo --repository 'deb http://mirror.local/ ./'`;

const DOWN = `
Does not ask. Without --name or --kind, removes one stack and says which: the
one named default, else the one named wazo, else the embedded stack of this
project. Also removes what killed runs of wdev left of stacks of any name.`;

const SNAPSHOT = `
Restarts the stack. wdev stack status lists the labels; each can be used once.`;

const RESET = `
Does not ask. What the stack wrote since is lost; other saved states stay. wdev
stack status lists the labels.`;

const PRUNE = `
Does not ask. The next wdev stack up makes or downloads them again.`;

const EXEC = `
Passes on standard input, output, error and the exit status:
  wdev stack exec -- asterisk -rx 'dialplan show'`;

const STACK = `${KINDS}
${DEFAULT}`;

export const PAGES = {
  stack: STACK,
  up: UP,
  down: DOWN,
  snapshot: SNAPSHOT,
  reset: RESET,
  prune: PRUNE,
  exec: EXEC,
};
