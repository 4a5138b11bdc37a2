import { realpathSync } from 'node:fs';
import { readText } from '../support/read-file.ts';

/** Whether a folder lies on a file system that is mounted `noexec`. False where the system does not tell. */
export function runsNoPrograms(folder: string): boolean {
  try {
    const mount = mountOf(readText('/proc/self/mountinfo'), realpathSync(folder));
    return mount?.options.includes('noexec') === true;
  } catch {
    return false;
  }
}

interface Mount {
  readonly point: string;
  readonly options: readonly string[];
}

/** The mount that a path lies on. Source: Linux, proc(5), mountinfo. */
export function mountOf(mountinfo: string, file: string): Mount | undefined {
  let best: Mount | undefined;
  for (const line of mountinfo.split('\n')) {
    const [, , , , escaped, options] = line.split(' ');
    if (escaped === undefined || options === undefined) continue;
    const point = escaped.replaceAll(/\\(\d{3})/g, (_, octal: string) =>
      String.fromCodePoint(Number.parseInt(octal, 8)),
    );
    const holds = file === point || file.startsWith(point.endsWith('/') ? point : `${point}/`);
    // of two on one point, the later one is seen
    if (holds && point.length >= (best?.point.length ?? 0)) best = { point, options: options.split(',') };
  }
  return best;
}
