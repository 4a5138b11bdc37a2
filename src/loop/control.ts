/** The requests that a person at the keyboard may make. */
export type LoopCommand = 'reload' | 'reinstall' | 'roll-back' | 'pause' | 'logs';

/** The reason to abort a loop's signal with when the person asked for the end; any other one is an interruption. */
export const QUIT = 'quit';

/** Carries commands to the loop; the loop takes them between batches. */
export class LoopControl {
  #listener: (command: LoopCommand) => void = () => undefined;

  send(command: LoopCommand): void {
    this.#listener(command);
  }

  listen(listener: (command: LoopCommand) => void): void {
    this.#listener = listener;
  }
}
