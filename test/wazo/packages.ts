/** The packages of the stand-ins, as data. What each imitates, and by which fact: README.md. */

export interface Stock {
  readonly group: string;
  readonly end?: string;
}

export interface Daemon {
  readonly port: number;
  readonly user: string;
  /** First part of its address behind nginx, and behind it the version; none when nginx does not pass it on. */
  readonly route?: string;
  /** Units before it, beside the network, when the machine boots. Source: After= of its unit. */
  readonly after?: readonly string[];
  /** Not started while /var/lib/wazo/disabled is there. */
  readonly waits?: true;
  /** The module whose `serve()` it is, where that is not `main`. */
  readonly main?: string;
  /** The entry points of what each REST API has, its description and its status: their group, and the end of their names. */
  readonly stock?: Stock | false;
}

export interface StandIn {
  readonly name: string;
  readonly summary: string;
  readonly depends: readonly string[];
  /** Of Python, below packages/. */
  readonly modules?: string;
  /** The part whose own stand-ins it has too; those of packages/ win. */
  readonly part?: string;
  readonly daemon?: Daemon;
  /** Installed path: file below packages/, or below the assets of our own stacks. */
  readonly files?: Readonly<Record<string, string>>;
  /** Folders that the package has, beside those of its files. */
  readonly folders?: readonly string[];
  /** Shell text of postinst, when it is configured. */
  readonly configure?: string;
}

const LIBRARY = 'xivo-lib-python-python3';

/** As root, on the database of the machine; fails when PostgreSQL does not run. */
const DATABASE = `cd /
su postgres -c psql <<'SQL'
DO $$ BEGIN CREATE ROLE asterisk LOGIN PASSWORD 'proformatique'; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
SELECT 'CREATE DATABASE asterisk OWNER asterisk' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'asterisk')\\gexec
SQL
`;

const DATA = 'postgresql';
const BUS = 'rabbitmq-server';

function rest(name: string, daemon: Daemon): StandIn {
  return {
    name: `wazo-${name}`,
    summary: `stand-in of wazo-${name}`,
    depends: [LIBRARY, 'adduser'],
    modules: `wazo-${name}`,
    daemon: { route: name, stock: { group: `wazo_${name.replaceAll('-', '_')}.plugins` }, ...daemon },
  };
}

/** A daemon that nginx does not pass on, and that describes no API. */
function server(name: string, daemon: Daemon): StandIn {
  return { ...rest(name, daemon), daemon: { ...daemon, stock: false } };
}

export const PACKAGES: readonly StandIn[] = [
  {
    name: LIBRARY,
    summary: 'what the stand-ins share',
    depends: [
      'python3-cheroot',
      'python3-flask',
      'python3-flask-restful',
      'python3-marshmallow',
      'python3-requests',
      'python3-stevedore',
      'python3-yaml',
    ],
    modules: 'library',
  },
  {
    ...rest('auth', { port: 9497, user: 'wazo-auth', after: [DATA], stock: { group: 'wazo_auth.http' } }),
    depends: [LIBRARY, 'adduser', 'postgresql', 'python3-psycopg2'],
    configure: `${DATABASE}python3 -c 'from wazo_auth.main import bootstrap; bootstrap()'\n`,
  },
  {
    name: 'wazo-auth-keys',
    summary: 'stand-in of wazo-auth-keys',
    depends: ['wazo-auth'],
    files: { '/usr/bin/wazo-auth-keys': 'wazo-auth-keys/wazo-auth-keys' },
    configure:
      'mkdir -p /etc/wazo-auth-keys/conf.d; [ -e /etc/wazo-auth-keys/config.yml ] || for name in calld confd dird; do echo "wazo-$name: {system_user: www-data, acl: [auth.users.read]}"; done >/etc/wazo-auth-keys/config.yml\ngrep -q plugind /etc/wazo-auth-keys/config.yml || echo "wazo-plugind-cli: {system_user: root, acl: [plugind.#]}" >>/etc/wazo-auth-keys/config.yml\n',
  },
  rest('confd', { port: 9486, user: 'www-data', after: [DATA] }),
  rest('agentd', { port: 9493, user: 'wazo-agentd', after: ['asterisk', DATA, BUS], waits: true }),
  rest('dird', {
    port: 9489,
    user: 'www-data',
    after: [DATA],
    stock: { group: 'wazo_dird.views', end: '_view' },
  }),
  rest('calld', {
    port: 9500,
    user: 'www-data',
    after: ['asterisk', BUS, 'wazo-auth', 'wazo-confd'],
    waits: true,
  }),
  rest('call-logd', { port: 9298, user: 'wazo-call-logd', after: ['asterisk', DATA], waits: true }),
  rest('chatd', { port: 9304, user: 'wazo-chatd' }),
  { ...rest('webhookd', { port: 9300, user: 'wazo-webhookd' }), part: 'webhookd-task' },
  { ...rest('amid', { port: 9491, user: 'wazo-amid', after: ['asterisk', BUS] }), part: 'amid' },
  {
    ...server('sysconfd', { port: 8668, user: 'root', after: [BUS] }),
    depends: [LIBRARY, 'adduser', 'python3-fastapi', 'python3-uvicorn'],
  },
  server('confgend', { port: 8669, user: 'wazo-confgend' }),
  {
    ...server('provd', { port: 8666, user: 'wazo-provd', after: ['wazo-confgend'] }),
    part: 'provd',
    depends: [LIBRARY, 'adduser', 'python3-jinja2'],
    folders: ['var/lib/wazo-provd/plugins'],
  },
  rest('phoned', { port: 9498, user: 'www-data', after: ['wazo-confgend'], waits: true }),
  rest('agid', { port: 4573, user: 'wazo-agid', after: [DATA], waits: true, main: 'agid', stock: false }),
  {
    ...rest('plugind', { port: 9503, user: 'wazo-plugind', stock: false }),
    depends: [LIBRARY, 'adduser', 'fakeroot', 'gdebi-core', 'git', 'python3-kombu', 'python3-setuptools'],
    folders: ['usr/lib/wazo-plugind/plugins'],
    configure: 'mkdir -p /var/lib/wazo-plugind/rules\n',
  },
  {
    name: 'wazo-nginx',
    summary: 'stand-in of wazo-nginx',
    depends: ['nginx', 'openssl'],
    files: { '/etc/nginx/sites-available/wazo': 'wazo-nginx/wazo' },
    configure: `mkdir -p /usr/share/wazo-certs /etc/nginx/locations/https-enabled
cd /usr/share/wazo-certs
[ -e server.key ] || openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:P-256 -days 3650 -subj /CN=wazo \\
  -keyout server.key -out server.crt 2>/dev/null
rm -f /etc/nginx/sites-enabled/default
ln -sf ../sites-available/wazo /etc/nginx/sites-enabled/wazo
systemctl try-reload-or-restart nginx
`,
  },
];
