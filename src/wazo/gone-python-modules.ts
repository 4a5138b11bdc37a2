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

/** Names that modules of Python lost, by the release and the module. Source: What's New In Python, removals. */
const GONE_NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '3.9': {
    base64: 'encodestring decodestring',
    fractions: 'gcd',
    sys: 'getcheckinterval setcheckinterval',
    'xml.etree': 'cElementTree',
  },
  '3.10': {
    collections:
      'Awaitable Coroutine AsyncIterable AsyncIterator AsyncGenerator Hashable Iterable Iterator Generator ' +
      'Reversible Sized Container Callable Collection Set MutableSet Mapping MutableMapping MappingView KeysView ' +
      'ItemsView ValuesView Sequence MutableSequence ByteString',
  },
  '3.11': {
    asyncio: 'coroutine',
    gettext: 'lgettext ldgettext lngettext ldngettext bind_textdomain_codeset',
    inspect: 'getargspec formatargspec',
    re: 'template TEMPLATE',
  },
  '3.12': {
    configparser: 'SafeConfigParser',
    pkgutil: 'ImpImporter ImpLoader',
    ssl: 'wrap_socket match_hostname RAND_pseudo_bytes',
  },
  '3.13': {
    locale: 'resetlocale',
    typing: 'io re',
    unittest: 'findTestCases makeSuite getTestCaseNames',
    webbrowser: 'MacOSX',
  },
};

/** The release that took a name out of a module of Python, when a Python of that version is without it. */
export function nameGoneSince(module: string, name: string, python: string): string | undefined {
  return Object.keys(GONE_NAMES).find(
    (since) => minor(since) <= minor(python) && (GONE_NAMES[since]?.[module] ?? '').split(' ').includes(name),
  );
}

function minor(version: string): number {
  return Number(version.split('.')[1]);
}
