import type { ReadStream } from 'node:tty';
import type { LoopCommand } from '../loop/control.ts';

/** The request of a key: a command of the loop, or something about the view. */
export type KeyAction = LoopCommand | 'quit' | 'plan' | 'state' | 'warnings' | 'next' | 'clear' | 'help';

export interface KeyBinding {
  readonly key: string;
  readonly action: KeyAction;
  readonly help: string;
}

export const KEYS: readonly KeyBinding[] = [
  { key: 'r', action: 'reload', help: 'reinstall the watched plugins, reload all services' },
  { key: 'f', action: 'reinstall', help: 'remove the watched plugins, then install them again' },
  { key: 'p', action: 'pause', help: 'pause, or resume' },
  {
    key: 'u',
    action: 'roll-back',
    help: 'undo the last install on the target (your files stay as they are)',
  },
  { key: 's', action: 'state', help: 'show what is live, and what failed' },
  { key: 'w', action: 'warnings', help: 'show open warnings' },
  { key: 'n', action: 'next', help: 'show one plugin at a time, then all again' },
  {
    key: 'l',
    action: 'logs',
    help: 'show the last lines of the logs of Asterisk and the services (*: about your plugins)',
  },
  { key: 'o', action: 'plan', help: 'show what the last save did and skipped, and why' },
  { key: 'c', action: 'clear', help: 'clear the screen' },
  { key: 'q', action: 'quit', help: 'quit' },
  { key: '?', action: 'help', help: 'show this list' },
];

const CTRL_C = '\u0003';

/** Reads single keys from a terminal until the returned function is called; Ctrl-C is `interrupt`. */
export function listenForKeys<Action>(
  input: ReadStream,
  bindings: readonly { readonly key: string; readonly action: Action }[],
  act: (action: Action | 'interrupt') => void,
): () => void {
  const onData = (data: Buffer): void => {
    for (const key of data.toString('utf8')) {
      const action = key === CTRL_C ? 'interrupt' : bindings.find((binding) => binding.key === key)?.action;
      if (action !== undefined) act(action);
    }
  };
  input.setRawMode(true);
  input.on('data', onData).resume();
  return () => {
    input.off('data', onData).pause();
    input.setRawMode(false);
  };
}

export function keyHelp(): readonly string[] {
  return KEYS.map(({ key, help }) => `  ${key}  ${help}`);
}
