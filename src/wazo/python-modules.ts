/**
 * Modules that the packages of a stack bring: those of Wazo, and what Wazo's services depend on. Source: the
 * services' requirements and debian/control files (mid-2026).
 */
const STACK = new Set(
  (
    'ari asterisk babel calllogger celery cheroot cherrypy click cliff consul dateutil fastapi flask flask_babel flask_cors ' +
    'flask_classful flask_login flask_menu flask_restful flask_session flask_sqlalchemy flask_wtf httpx iso8601 itsdangerous jinja2 jsonpatch ' +
    'kombu ldap ldap3 lxml mako markupsafe marshmallow netifaces onelogin pbr phonenumbers pkg_resources psycopg2 ' +
    'pyasn1 pycountry pydantic pytz pyramid quartx_call_logger requests requests_oauthlib saml2 serial setproctitle ' +
    'setuptools simplejson six sqlalchemy sqlalchemy_utils stevedore swaggerpy swagger_ui_bundle twisted ' +
    'unidecode urllib3 vobject websocket websockets werkzeug wtforms yaml zope'
  ).split(' '),
);

/** Modules whose Debian package is not called python3-MODULE. */
const PACKAGE_OF: Readonly<Record<string, string>> = {
  bs4: 'python3-bs4',
  cherrypy: 'python3-cherrypy3',
  Crypto: 'python3-pycryptodome',
  cryptography: 'python3-cryptography',
  dns: 'python3-dnspython',
  flask_wtf: 'python3-flaskext.wtf',
  jwt: 'python3-jwt',
  onelogin: 'python3-onelogin-saml2',
  OpenSSL: 'python3-openssl',
  PIL: 'python3-pil',
  google: 'python3-google-auth',
  oauth2client: 'python3-oauth2client',
  redis: 'python3-redis',
  paho: 'python3-paho-mqtt',
  pytz: 'python3-tz',
  saml2: 'python3-pysaml2',
  zope: 'python3-zope.interface',
};

/** Modules of a stack that no package of Debian has. */
const NOT_OF_DEBIAN = new Set(
  'ari asterisk calllogger flask_classful flask_menu quartx_call_logger swagger_ui_bundle swaggerpy'.split(
    ' ',
  ),
);

/** Top-level packages that Wazo's own Debian packages install. Source: the repositories of wazo-platform (mid-2026). */
const WAZO_PACKAGES = new Set(
  (
    'wazo_agentd wazo_agentd_cli wazo_agentd_client wazo_agid wazo_amid wazo_amid_client wazo_auth wazo_auth_cli ' +
    'wazo_auth_client wazo_auth_keys wazo_bus wazo_call_logd wazo_call_logd_client wazo_calld wazo_calld_client ' +
    'wazo_chatd wazo_chatd_client wazo_confd wazo_confd_client wazo_confgend wazo_confgend_client wazo_dird ' +
    'wazo_dird_client wazo_lib_rest_client wazo_market_client wazo_phoned wazo_plugind wazo_plugind_cli ' +
    'wazo_plugind_client wazo_provd wazo_provd_cli wazo_provd_client wazo_purge_db wazo_setupd wazo_setupd_client ' +
    'wazo_stat wazo_sysconfd wazo_ui wazo_webhookd wazo_webhookd_client wazo_websocketd wazo_websocketd_client'
  ).split(' '),
);

/** Whether Wazo itself installs a top-level package of that name. */
export function isWazoPackage(name: string): boolean {
  return WAZO_PACKAGES.has(name);
}

/** Modules of Python 2 that Python 3 has under another name. */
export const PYTHON2_MODULES: Readonly<Record<string, string>> = {
  urllib2: 'urllib.request',
  urlparse: 'urllib.parse',
  ConfigParser: 'configparser',
  StringIO: 'io',
  cStringIO: 'io',
  httplib: 'http.client',
  Queue: 'queue',
  SocketServer: 'socketserver',
  BaseHTTPServer: 'http.server',
  cPickle: 'pickle',
  cookielib: 'http.cookiejar',
  commands: 'subprocess',
  __builtin__: 'builtins',
};

export function stackBrings(module: string): boolean {
  return STACK.has(module) || /^(?:wazo|xivo)(?:_|$)/.test(module);
}

/** The Debian package that is known to have a module; undefined where none is. */
export function knownDebianPackage(module: string): string | undefined {
  const isKnown =
    module === 'pytest' || module in PACKAGE_OF || (STACK.has(module) && !NOT_OF_DEBIAN.has(module));
  return isKnown ? debianPackageOf(module) : undefined;
}

/** The Debian package that most likely brings a module. */
export function debianPackageOf(module: string): string {
  return PACKAGE_OF[module] ?? `python3-${module.toLowerCase().replaceAll('_', '-')}`;
}
