import { run } from './run.ts';

/** Programs that open a file as the person's desktop does. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, string>>> = { darwin: 'open', linux: 'xdg-open' };

/** Shows a file in the person's browser; answers whether one was found. */
export async function openInBrowser(file: string): Promise<boolean> {
  const opener = OPENERS[process.platform];
  // without a display xdg-open would start a text browser in this terminal
  const display = process.platform !== 'linux' || process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'];
  if (opener === undefined || !display) return false;
  return (await run([opener, file], { timeout: 10_000 })).status === 0;
}
