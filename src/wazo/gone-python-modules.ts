/** Modules that releases of Python dropped, by the release. Source: What's New In Python, removed modules. */
const GONE: Readonly<Record<string, string>> = {
  '3.9': 'dummy_threading',
  '3.10': 'formatter parser symbol',
  '3.11': 'binhex',
  // distutils has a rule of wdev check
  '3.12': 'asynchat asyncore imp smtpd',
  '3.13':
    'aifc audioop cgi cgitb chunk crypt imghdr lib2to3 mailcap msilib nis nntplib ossaudiodev pipes sndhdr spwd ' +
    'sunau telnetlib uu xdrlib',
};

/** The release that dropped a module, when a Python of that version is without it. */
export function goneSince(module: string, python: string): string | undefined {
  return Object.keys(GONE).find(
    (since) => minor(since) <= minor(python) && (GONE[since] ?? '').split(' ').includes(module),
  );
}

function minor(version: string): number {
  return Number(version.split('.')[1]);
}
