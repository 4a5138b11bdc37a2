import { hasModules } from '../readers/python/interpreters.ts';

/** The search path of a systemd service on Debian: what `rules` meets on a server. */
const SERVICE_PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** The server's search path first, then what else the author's has: a virtualenv must not hide Debian's Python. */
export function serverPath(own: string = process.env['PATH'] ?? ''): string {
  return [...new Set([...SERVICE_PATH, ...own.split(':').filter((folder) => folder !== '')])].join(':');
}

let python: Promise<string> | undefined;

/** The Python 3 that has setuptools, the server's own first; `python3` when none has it. */
export async function findPython(): Promise<string> {
  python ??= searchPython();
  return await python;
}

async function searchPython(): Promise<string> {
  for (const candidate of ['/usr/bin/python3', 'python3']) {
    if (await hasModules(candidate, ['setuptools'])) return candidate;
  }
  return 'python3';
}
