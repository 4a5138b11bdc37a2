/** Whether the promises of the design are tried in their long form: `npm run promises`. */
export const isLong = process.env['WDEV_PROMISES'] === 'long';

/** Prints the figure of a promise. */
export function figure(promise: number, text: string): void {
  process.stdout.write(`promise ${promise}: ${text}\n`);
}
