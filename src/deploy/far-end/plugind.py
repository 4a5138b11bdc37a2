"""Speaks to wazo-plugind on its own server, and answers in JSON, one object a line.

wdev puts a line in front that names what is asked: REQUEST, a dictionary. It needs what wazo-plugind brings: python3,
python3-kombu, python3-yaml. Sources: wazo-plugind, API and bus events (mid-2026); wazo-plugind-cli, its key.
"""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request

ROOT = REQUEST.get('root', '')
QUIET = 15  # seconds of silence after which a sign of life is given
MOST = 200_000  # characters of a log


def say(**row):
    print(json.dumps(row), flush=True)


class Refused(Exception):
    """Something that a person has to know, with a code."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def read_yaml(path):
    try:
        import yaml

        with open(ROOT + path, encoding='utf-8') as file:
            return yaml.safe_load(file) or {}
    except FileNotFoundError:
        return {}
    except Exception as error:  # a file that the daemon goes on without
        return {'unread': str(error)}


def merge(under, over):
    both = dict(under)
    for key, value in over.items():
        old = both.get(key)
        both[key] = merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return both


def settings():
    """The settings of wazo-plugind, as far as they say where it and its neighbours are."""
    found = {
        'rest_api': {'listen': '127.0.0.1', 'port': 9503},
        'auth': {'host': 'localhost', 'port': 9497, 'https': False, 'prefix': None},
        'confd': {'host': 'localhost', 'port': 9486, 'https': False, 'prefix': None},
        'bus': {
            'username': 'guest',
            'password': 'guest',
            'host': 'localhost',
            'port': 5672,
            'vhost': '/',
            'exchange_name': 'wazo-headers',
            'exchange_type': 'headers',
        },
    }
    folder = '/etc/wazo-plugind/conf.d'
    names = sorted(os.listdir(ROOT + folder)) if os.path.isdir(ROOT + folder) else []
    own = {}
    for name in reversed([name for name in names if name.endswith('.yml')]):
        own = merge(own, read_yaml(folder + '/' + name))
    return merge(merge(found, read_yaml('/etc/wazo-plugind/config.yml')), own)


CONFIG = settings()


def address(service):
    """Base address of a neighbour, without a version."""
    if service == 'plugind':
        own = CONFIG['rest_api']
        host = own.get('listen') or '127.0.0.1'
        return 'http://%s:%s' % ('127.0.0.1' if host in ('0.0.0.0', '::', '') else host, own['port'])
    own = CONFIG[service]
    scheme = 'https' if own.get('https') else 'http'
    return '%s://%s:%s%s' % (scheme, own['host'], own['port'], own.get('prefix') or '')


OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(method, url, body=None, headers=None):
    """Status and JSON of an answer; status 0 with the reason when there is none."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method, headers=dict(headers or {}))
    request.add_header('Accept', 'application/json')
    if data is not None:
        request.add_header('Content-Type', 'application/json')
    try:
        with OPENER.open(request, timeout=30) as answer:
            return answer.status, parsed(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, parsed(error.read())
    except (OSError, ValueError) as error:
        return 0, str(getattr(error, 'reason', error))


def parsed(data):
    try:
        return json.loads(data or b'null')
    except ValueError:
        return data.decode('utf-8', 'replace')[:500]


def make_token():
    if REQUEST.get('token'):
        return REQUEST['token']
    path = '/var/lib/wazo-auth-keys/wazo-plugind-cli-key.yml'
    key = read_yaml(path)
    if 'service_id' not in key or 'service_key' not in key:
        raise Refused('no-token', 'there is no key in %s, which wazo-plugind-cli would take' % path)
    pair = '%s:%s' % (key['service_id'], key['service_key'])
    basic = 'Basic ' + base64.b64encode(pair.encode()).decode()
    url = address('auth') + '/0.1/token'
    status, answer = ask('POST', url, {'expiration': 3600}, {'Authorization': basic})
    if status != 200:
        raise Refused('no-token', 'wazo-auth gave no token at %s: %s' % (url, reason(status, answer)))
    return answer['data']['token']


def reason(status, answer):
    if status == 0:
        return str(answer)
    said = answer.get('message') or answer.get('reason') if isinstance(answer, dict) else answer
    if isinstance(said, list):
        said = ' '.join(str(one) for one in said)
    return '%s %s' % (status, said or '')


class Plugind:
    def __init__(self):
        self.base = address('plugind') + '/0.2'
        self.headers = {'X-Auth-Token': make_token()}

    def ask(self, method, path, body=None):
        return ask(method, self.base + path, body, self.headers)

    def demand(self, method, path, body=None):
        status, answer = self.ask(method, path, body)
        if status == 0:
            raise Refused('no-plugind', 'wazo-plugind does not answer at %s: %s' % (self.base, answer))
        if status in (401, 403):
            raise Refused('not-allowed', 'wazo-plugind refuses the token: %s' % reason(status, answer))
        if status >= 300:
            raise Refused('refused', 'wazo-plugind: %s' % reason(status, answer))
        return answer

    def installed(self):
        items = self.demand('GET', '/plugins')['items']
        wanted = (REQUEST['namespace'], REQUEST['name'])
        return next((one for one in items if (one.get('namespace'), one.get('name')) == wanted), None)


def wazo_version(plugind):
    try:
        with open(ROOT + '/usr/share/wazo/WAZO-VERSION', encoding='utf-8') as file:
            return file.read().strip() or None
    except OSError:
        pass
    status, answer = ask('GET', address('confd') + '/1.1/infos', None, plugind.headers)
    return answer.get('wazo_version') if status == 200 and isinstance(answer, dict) else None


def run(command, **more):
    """Status and output, stderr in its place."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, 'LC_ALL': 'C', 'DEBIAN_FRONTEND': 'noninteractive', 'GIT_TERMINAL_PROMPT': '0'},
            timeout=more.pop('timeout', 300),
            **more,
        )
    except subprocess.TimeoutExpired:
        return 124, 'no end within the time'
    except OSError as error:
        return 127, str(error)
    return done.returncode, done.stdout.decode('utf-8', 'replace')[-MOST:]


def dpkg_root():
    return ['--admindir=' + ROOT + '/var/lib/dpkg'] if ROOT else []


def package_state(name):
    status, text = run(['dpkg-query'] + dpkg_root() + ['-W', '-f=${db:Status-Status} ${Version}', name])
    state, _, version = text.strip().partition(' ')
    return {'state': state, 'version': version} if status == 0 else None


def look():
    plugind = Plugind()
    found = {
        'installed': plugind.installed(),
        'package': package_state(REQUEST['package']),
        'wazo': wazo_version(plugind),
    }
    if REQUEST.get('market'):
        path = '/market/%s/%s' % (REQUEST['namespace'], REQUEST['name'])
        status, answer = plugind.ask('GET', path)
        found['market'] = answer if status == 200 else {'missing': reason(status, answer)}
    say(found=found)


class Bus:
    """The events of wazo-plugind, on a queue that goes with this process."""

    NAMES = ('plugin_install_progress', 'plugin_uninstall_progress')

    def __enter__(self):
        from kombu import Connection, Exchange, Queue, binding

        bus = CONFIG['bus']
        self.rows = []
        self.connection = Connection(
            hostname=bus['host'],
            port=int(bus['port']),
            userid=bus['username'],
            password=bus['password'],
            virtual_host=bus.get('vhost') or '/',
            connect_timeout=10,
        )
        self.connection.connect()
        exchange = Exchange(bus['exchange_name'], bus['exchange_type'])
        bindings = [binding(exchange, arguments={'x-match': 'all', 'name': name}) for name in self.NAMES]
        queue = Queue(bindings=bindings, exclusive=True, auto_delete=True)
        self.consumer = self.connection.Consumer([queue], callbacks=[self.take], accept=['json'], no_ack=True)
        self.consumer.consume()
        return self

    def __exit__(self, *_):
        self.connection.release()

    def take(self, body, message):
        if isinstance(body, dict) and isinstance(body.get('data'), dict):
            self.rows.append(body['data'])

    def next(self, seconds):
        """The events that came within this time."""
        import socket

        try:
            self.connection.drain_events(timeout=seconds)
        except socket.timeout:
            pass
        rows, self.rows = self.rows, []
        return rows


def change():
    """Asks for an installation or a removal, and tells its steps up to the last one."""
    plugind = Plugind()
    try:
        with Bus() as bus:
            follow(plugind, bus)
    except Refused:
        raise
    except ImportError as error:
        blind(plugind, 'python3-kombu is missing there: %s' % error)
    except OSError as error:
        if not begun:
            blind(plugind, 'RabbitMQ does not answer there: %s' % error)
        else:
            say(lost='the bus: %s' % error)
    except Exception as error:  # kombu's own, of several kinds
        if begun:
            say(lost='the bus: %s' % error)
        else:
            blind(plugind, 'RabbitMQ refuses: %s' % error)


begun = []


def begin(plugind):
    say(marks=ends())
    if REQUEST['do'] == 'remove':
        path = '/plugins/%s/%s' % (REQUEST['namespace'], REQUEST['name'])
        answer = plugind.demand('DELETE', path)
    else:
        query = '?reinstall=true' if REQUEST.get('reinstall') else ''
        answer = plugind.demand('POST', '/plugins' + query, REQUEST['body'])
    begun.append(answer['uuid'])
    say(begun=answer['uuid'])
    return answer['uuid']


def blind(plugind, why):
    begin(plugind)
    say(unseen=why)


def follow(plugind, bus):
    own = begin(plugind)
    silent = time.monotonic()
    while True:
        for row in bus.next(1):
            silent = time.monotonic()
            say(status=row.get('status'), own=row.get('uuid') == own, uuid=row.get('uuid'), errors=row.get('errors'))
            if row.get('uuid') == own and row.get('status') in ('completed', 'error'):
                return
        if time.monotonic() - silent > QUIET:
            silent = time.monotonic()
            status, answer = plugind.ask('GET', '/status')
            if status == 0:
                return say(lost='wazo-plugind does not answer any more: %s' % answer)
            say(alive=True)


# what the package tools tell of themselves
JOURNAL = ['journalctl', '--no-pager', '--quiet', '-u', 'wazo-plugind']
LOGS = {'term': '/var/log/apt/term.log', 'dpkg': '/var/log/dpkg.log'}


def ends():
    """Where the logs end now, the journal too: what comes later stands behind that, whatever a clock says."""
    marks = {}
    for name, path in LOGS.items():
        try:
            info = os.stat(ROOT + path)
            marks[name] = [info.st_ino, info.st_size]
        except OSError:
            marks[name] = [0, 0]
    if not ROOT:
        status, text = run(JOURNAL + ['-n', '1', '-o', 'export'])
        cursor = re.search(r'^__CURSOR=(.+)$', text, re.M) if status == 0 else None
        marks['journal'] = cursor.group(1) if cursor else ''
    return marks


def added(path, mark):
    """The end of what came behind a mark, in the new file too when it was rotated in the meantime."""
    found = b''
    for name in (path + '.1', path):
        try:
            with open(ROOT + name, 'rb') as file:
                info = os.fstat(file.fileno())
                is_marked = info.st_ino == mark[0]
                if name != path and not is_marked:
                    continue
                start = mark[1] if is_marked and info.st_size >= mark[1] else 0
                file.seek(max(start, info.st_size - MOST))
                found += file.read()
        except OSError:
            pass
    return found[-MOST:].decode('utf-8', 'replace').strip()


def diagnose():
    """What the server knows of a step that failed there."""
    package, marks = REQUEST['package'], REQUEST.get('marks') or {}
    found = {name: added(path, marks[name]) if name in marks else '' for name, path in LOGS.items()}
    found['package'] = package_state(package)
    if not ROOT and 'journal' in marks:
        since = ['--after-cursor=' + marks['journal']] if marks['journal'] else ['-b']
        status, text = run(JOURNAL + ['-o', 'short-iso'] + since)
        found['journal'] = text if status == 0 else ''
    if REQUEST.get('clone'):
        url, ref = REQUEST['clone']
        command = ['git', 'ls-remote', '--exit-code', '--', url, ref]
        user = [] if ROOT else ['runuser', '-u', 'wazo-plugind', '--']
        found['clone'] = run(user + command, timeout=60, cwd='/')
        if found['clone'][0] == 2:
            # git ls-remote has no words for a ref that is not there; a clone ends with them before it fetches anything
            folder = '/tmp/wdev-clone-%d' % os.getpid()
            command = ['git', 'clone', '--quiet', '--bare', '--depth', '1', '--branch', ref, '--', url, folder]
            found['clone'] = [2, run(user + command, timeout=60, cwd='/')[1]]
            shutil.rmtree(folder, ignore_errors=True)
    if REQUEST.get('update'):
        found['update'] = run(['apt-get', 'update', '--quiet'])
    if REQUEST.get('depends'):
        found['depends'] = [[name, knows(name)] for name in REQUEST['depends']]
    if (found['package'] or {}).get('state') in ('half-configured', 'unpacked') and REQUEST.get('configure'):
        found['configure'] = run(['dpkg', '--configure', package])
        found['package'] = package_state(package)
    say(found=found)


def knows(depend):
    """Whether a Depends entry could be installed: installed, candidate, or neither."""
    name = re.split(r'[\s(:|]', depend.strip())[0]
    state = package_state(name)
    if state is not None and state['state'] == 'installed':
        return 'installed'
    status, text = run(['apt-cache', 'policy', name])
    candidate = re.search(r'^ *Candidate: (\S+)', text, re.M)
    return 'known' if status == 0 and candidate and candidate.group(1) != '(none)' else 'unknown'


def verify():
    """dpkg's own word on the files of the package."""
    if ROOT:
        return say(found={'verify': ''})
    say(found={'verify': run(['dpkg', '--verify', REQUEST['package']])[1]})


if __name__ == '__main__':
    try:
        {'look': look, 'install': change, 'remove': change, 'diagnose': diagnose, 'verify': verify}[REQUEST['do']]()
    except Refused as refusal:
        say(refused=refusal.code, message=str(refusal))
    except Exception as error:  # told by the side that asked
        say(refused='far-end', message='%s: %s' % (type(error).__name__, error))
    sys.exit(0)
