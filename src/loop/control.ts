/** What a person at the keyboard may ask of the loop. */
export type LoopCommand = 'reload' | 'reinstall' | 'roll-back' | 'pause' | 'logs';

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
