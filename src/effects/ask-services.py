"""Asks the services of this server for what a plugin gives them. It changes nothing, and needs no secret but a token
that it is given. On a stack of ours it takes one, makes a source to look through for a moment, and calls handlers;
and it asks providers of logins which one they take for their own.

Reads JSON objects from standard input, one a line, and answers each in a line: for each unit its answers
(evidence/questions.ts and answers-shape.ts have the shapes). One that stays keeps its modules and its token.
"""

import glob
import http.client
import importlib
import json
import os
import select
import site
import socket
import ssl
import subprocess
import sys
import threading
import time

# seconds; a description of a whole API takes longer to write
TIMEOUT = 15

# of a handler; one that goes on and on is left
MOST_COMMANDS = 1000


def rest_api(unit):
    """Port and certificate of a service, as its settings have them: conf.d beats config.yml, the first file wins."""
    found = {}
    for file in sorted(glob.glob(f'/etc/{unit}/conf.d/*.yml')) + [f'/etc/{unit}/config.yml']:
        try:
            with open(file, encoding='utf-8') as stream:
                text = stream.read()
            if 'rest_api' not in text:
                continue
            import yaml

            settings = yaml.safe_load(text)
            found = {**settings['rest_api'], **found}
        except Exception:
            continue
    return found


class Service:
    def __init__(self, unit, port, patience):
        settings = rest_api(unit)
        listen = settings.get('listen')
        self.host = listen if isinstance(listen, str) and listen.strip('0.:') else '127.0.0.1'
        self.port = settings.get('port') or port
        self.context = None
        if settings.get('certificate') and settings.get('private_key'):
            self.context = ssl.create_default_context(cafile=settings['certificate'])
            self.context.check_hostname = False
            self.context.verify_flags |= getattr(ssl, 'VERIFY_X509_PARTIAL_CHAIN', 0x80000)
        self.connection = None
        self.until = time.monotonic() + patience

    def ask(self, method, path, headers=None, body=None):
        """The status, the text and the methods of an answer; 0 when there is none."""
        while True:
            try:
                if self.connection is None:
                    self.connection = self.connect()
                self.connection.request(method, path, body=body, headers=headers or {})
                answer = self.connection.getresponse()
                text = answer.read().decode('utf-8', 'replace')
                return answer.status, text, answer.headers.get('Allow', '')
            except (OSError, http.client.HTTPException) as error:
                self.connection = None
                if isinstance(error, TimeoutError) or time.monotonic() > self.until:
                    return 0, str(error), ''
                time.sleep(0.05)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # a service that is told to end waits for who is connected
        if self.connection is not None:
            self.connection.close()

    def connect(self):
        if self.context:
            return http.client.HTTPSConnection(self.host, self.port, timeout=TIMEOUT, context=self.context)
        return http.client.HTTPConnection(self.host, self.port, timeout=TIMEOUT)


def ask_route(service, route, tokens):
    """Without a token first. Whether there is a route at all, OPTIONS tells: no method acts upon it."""
    told = {}
    if 'GET' in route['methods']:
        told['bare'], told['text'], _ = service.ask('GET', route['url'])
    if told.get('bare', 404) == 404:
        told['options'], _, told['allow'] = service.ask('OPTIONS', route['url'])
    if told.get('bare') in (401, 403) and (token := tokens.get()):
        told['token'], told['text'], _ = service.ask('GET', route['url'], {'X-Auth-Token': token})
        # what was kept may be forgotten there
        if told['token'] == 401 and (token := tokens.get(token)):
            told['token'], told['text'], _ = service.ask('GET', route['url'], {'X-Auth-Token': token})
    told['text'] = told.get('text', '')[:300]
    return told


def ask_description(service, description):
    """Which of the paths stand in the description of its API, that the service merges from those of its plugins."""
    status, text, _ = service.ask('GET', description['url'])
    if status != 200:
        return {'status': status, 'missing': []}
    import yaml

    loader = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)
    paths = (yaml.load(text, Loader=loader) or {}).get('paths') or {}
    return {'status': status, 'missing': [path for path in description['paths'] if path not in paths]}


def ask_login(service, url, name='wdev-nobody'):
    """A login that no one has. Every provider of logins is asked about it, and none may let it in."""
    import base64

    word = base64.b64encode(f'{name}:wdev-nobody'.encode()).decode()
    headers = {'Authorization': f'Basic {word}', 'Content-Type': 'application/json'}
    return service.ask('POST', url, headers, '{"expiration": 1}')[0]


def ask_own_login(service, url, provider, said):
    """A login that no one has, and that a provider takes for its own: it is the one that refuses it."""
    start = f'takes {provider} '
    names = [line[len(start) :] for line in said.splitlines() if line.startswith(start)]
    return {'login': names[0], 'status': ask_login(service, url, names[0])} if names else {}


def settings_of(unit):
    """As rest_api reads them, all of them."""
    import yaml

    merged = {}
    for file in sorted(glob.glob(f'/etc/{unit}/conf.d/*.yml')) + [f'/etc/{unit}/config.yml']:
        try:
            with open(file, encoding='utf-8') as stream:
                add_missing(merged, yaml.safe_load(stream) or {})
        except Exception:
            continue
    return merged


def add_missing(settings, more):
    for key, value in more.items():
        if isinstance(settings.get(key), dict) and isinstance(value, dict):
            add_missing(settings[key], value)
        else:
            settings.setdefault(key, value)


def logins_by(settings):
    """Logins of nobody, as the words of settings make them: a provider may take those of a domain alone."""
    words = {}

    def gather(value):
        if isinstance(value, dict):
            for key, inner in value.items():
                gather(key)
                gather(inner)
        elif isinstance(value, list):
            for inner in value:
                gather(inner)
        elif isinstance(value, str) and 0 < len(value) <= 100 and value.replace('-', '').replace('.', '').isalnum():
            words[value] = True

    gather(settings)
    some = list(words)[:500]
    return ['wdev-nobody', *(f'wdev-nobody@{word}' for word in some), *(f'{word}\\wdev-nobody' for word in some)]


def questions_of_providers(unit, wish):
    settings = settings_of(unit)
    logins = logins_by(settings)
    about = [{'value': value, 'settings': settings, 'logins': logins} for value in wish['login'].get('providers', [])]
    return [json.dumps(one, default=str) for one in about]


def ask_backends(service, wish):
    """The names of the backends that wazo-auth loaded; it tells them to everybody."""
    status, text, _ = service.ask('GET', wish['url'])
    return {'backends': json.loads(text)['data']} if status == 200 else {}


def ask_lookup(service, backend, token, is_ours):
    """A lookup through a source of a backend of wazo-dird: one that is there, or on a stack of ours one for this alone."""
    headers = {'X-Auth-Token': token, 'Content-Type': 'application/json'}
    made = []

    def ask(method, path, body=None):
        status, text, _ = service.ask(method, f'/0.1/{path}', headers, None if body is None else json.dumps(body))
        return status, json.loads(text) if status in (200, 201) else {}

    def make(path, body):
        status, answer = ask('POST', path, body)
        if 'uuid' in answer:
            made.append(f'{path}/{answer["uuid"]}')
        return status, answer.get('uuid')

    try:
        home = f'backends/{backend}/sources'
        status, answer = ask('GET', home)
        if status != 200:
            return {'sources': status}
        uuids = [source['uuid'] for source in answer['items']]
        if not uuids and is_ours:
            status, uuid = make(home, {'name': 'wdev-lookup'})
            if uuid is None:
                return {'sources': status}
            uuids = [uuid]
        if not uuids:
            return {'sources': 0}
        profile = profile_of(ask, make, uuids, is_ours)
        if profile is None:
            return {'sources': 0}
        status, answer = ask('GET', f'directories/lookup/{profile}?term=wdev')
        return {'status': status, 'results': len(answer.get('results', [])), 'made': bool(made)}
    finally:
        for path in reversed(made):
            ask('DELETE', path)


def profile_of(ask, make, uuids, is_ours):
    """The name of a profile that looks through one of the sources."""
    status, answer = ask('GET', 'profiles')
    for profile in answer.get('items', []):
        sources = ((profile.get('services') or {}).get('lookup') or {}).get('sources') or []
        if any(source.get('uuid') in uuids for source in sources):
            return profile['name']
    if not is_ours:
        return None
    if status == 404:
        return 'default'
    _, display = make('displays', {'name': 'wdev-lookup', 'columns': [{'field': 'name', 'title': 'Name'}]})
    lookup = {'sources': [{'uuid': uuid} for uuid in uuids]}
    body = {'name': 'wdev-lookup', 'display': {'uuid': display}, 'services': {'lookup': lookup}}
    return None if make('profiles', body)[1] is None else 'wdev-lookup'


def ask_handler(port, name):
    """The commands of a handler of wazo-agid. It may do what it likes: on a stack of ours alone."""
    commands = call_handler(port, name)
    is_call = commands is not None
    if not is_call:
        commands = speak_to_handler(port, name)
    return {'commands': commands, 'isCall': is_call, 'isWhole': len(commands) < MOST_COMMANDS}


def console(command):
    """What Asterisk says to a command; None where none runs."""
    try:
        done = subprocess.run(['asterisk', '-rx', command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TIMEOUT)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode('utf-8', 'replace') if done.returncode == 0 else None


def call_handler(port, name):
    """Its commands in a call of Asterisk through a Local channel, in a context that is there for this call alone."""
    if 'uptime' not in (console('core show uptime') or ''):
        return None
    # what the two say to each other goes through here
    with socket.create_server(('127.0.0.1', 0)) as between:
        between.settimeout(TIMEOUT)
        own = between.getsockname()[1]
        context = f'wdev-agi-{os.getpid()}-{own}'
        try:
            for step in (f's,1,AGI(agi://127.0.0.1:{own}/{name})', 's,2,Hangup()'):
                console(f'dialplan add extension "{step}" into {context}')
            console(f'channel originate Local/s@{context}/n application Wait {TIMEOUT}')
            call = between.accept()[0]
            with call, socket.create_connection(('127.0.0.1', port), TIMEOUT) as handler:
                return pass_on(call, handler)
        except OSError:
            return None
        finally:
            console(f'dialplan remove context {context}')


def pass_on(call, handler):
    """Carries a dialogue until one of the two ends it, or both are silent."""
    said = b''
    while said.count(b'\n') < MOST_COMMANDS:
        ready = select.select([call, handler], [], [], TIMEOUT)[0]
        for one in ready:
            data = one.recv(65536)
            if one is handler:
                said += data
                call.sendall(data)
            else:
                handler.sendall(data)
            if not data:
                ready = []
        if not ready:
            break
    lines = [line.strip()[:200] for line in said.decode('utf-8', 'replace').splitlines()]
    return [line for line in lines if line][:MOST_COMMANDS]


def speak_to_handler(port, name):
    """Its commands to a call that is none."""
    about = {
        'network': 'yes',
        'network_script': name,
        'request': f'agi://127.0.0.1/{name}',
        'channel': 'Local/wdev',
        'language': 'en',
        'type': 'Local',
        'uniqueid': '1.1',
        'callerid': '1000',
        'calleridname': 'wdev',
        'context': 'wdev',
        'extension': 's',
        'priority': '1',
        'enhanced': '0.0',
        'accountcode': '',
    }
    commands = []
    with socket.create_connection(('127.0.0.1', port), TIMEOUT) as call:
        call.sendall(''.join(f'agi_{key}: {value}\n' for key, value in about.items()).encode() + b'\n')
        for line in call.makefile('rb'):
            commands.append(line.decode('utf-8', 'replace').strip()[:200])
            if len(commands) == MOST_COMMANDS:
                break
            call.sendall(b'200 result=1 (0)\n')
    return commands


class OwnToken:
    """A token of the user that wazo-auth makes for its command line: root of a stack of ours may take it."""

    # seconds; it is taken anew when half of them are over
    LIFE = 3600

    def __init__(self):
        self.kept, self.since = None, 0
        self.lock = threading.Lock()

    def get(self, refused=None):
        """None when there is none to be had. One that was refused is not given again."""
        with self.lock:
            if self.kept is None or self.kept == refused or time.monotonic() - self.since > self.LIFE / 2:
                self.kept, self.since = self.taken(), time.monotonic()
            return self.kept

    def taken(self):
        import base64

        import yaml

        try:
            with open('/root/.config/wazo-auth-cli/050-credentials.yml', encoding='utf-8') as stream:
                auth = yaml.safe_load(stream)['auth']
            word = base64.b64encode(f'{auth["username"]}:{auth["password"]}'.encode()).decode()
            headers = {'Authorization': f'Basic {word}', 'Content-Type': 'application/json'}
            body = json.dumps({'expiration': self.LIFE})
            with Service('wazo-auth', 9497, 3) as service:
                return json.loads(service.ask('POST', '/0.1/token', headers, body)[1])['data']['token']
        except Exception:
            return None


class GivenToken:
    """The one that the person gave for this server; None when there is none."""

    def __init__(self, token):
        self.token = token

    def get(self, refused=None):
        return None if refused else self.token


def start_import(wish, questions, program):
    """Begins what import-late.py says, with the Python of the service, as the service; with this one where none runs.

    Gives a function that waits for what it says.
    """
    pid = str(wish.get('pid') or 0)
    words = [pid, *wish['imports'], *questions]
    python = sys.executable
    if pid != '0':
        found = os.path.realpath(f'/proc/{pid}/exe')
        python = found if os.path.basename(found).startswith('python3') else '/usr/bin/python3'
    # a child of this process has started already
    if os.path.realpath(python) == os.path.realpath('/proc/self/exe'):
        return fork_import(words, program)
    done = subprocess.run([python, '-c', program, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = done.stdout.decode('utf-8', 'replace')
    return lambda: said


def fork_import(words, program):
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reader)
            os.dup2(writer, 1)
            os.dup2(writer, 2)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            sys.argv[1:] = words
            # folders of packages may be others than when this process began
            sys.path_importer_cache.clear()
            importlib.invalidate_caches()
            for folder in site.getsitepackages():
                site.addsitedir(folder)
            exec(compile(program, 'import-late.py', 'exec'), {'__name__': '__main__'})
            sys.stdout.flush()
        finally:
            os._exit(0)
    os.close(writer)

    def wait():
        said = b''
        # what waits for something when it is imported is left
        while select.select([reader], [], [], TIMEOUT)[0] and (piece := os.read(reader, 65536)):
            said += piece
        os.close(reader)
        os.kill(child, 9)
        os.waitpid(child, 0)
        return said.decode('utf-8', 'replace')

    return wait


def size_of(file):
    try:
        return os.stat(file).st_size
    except OSError:
        return 0


def said_since(file, size):
    try:
        with open(file, 'rb') as stream:
            stream.seek(size)
            return stream.read(200_000).decode('utf-8', 'replace')
    except OSError:
        return ''


def ask_unit(unit, wish, whole, answers):
    try:
        answers[unit] = answers_of(unit, wish, whole)
    except Exception as error:
        answers[unit] = {'routes': [], 'log': '', 'problem': f'{type(error).__name__}: {error}'}


def answers_of(unit, wish, whole):
    with Service(unit, wish['port'], wish['patience']) as service:
        return answers_by(service, wish, whole)


def answers_by(service, wish, whole):
    size = size_of(wish['log'])
    tokens = whole['tokens']
    told = {'routes': [ask_route(service, route, tokens) for route in wish['routes']]}
    said = wish['imported']() if 'imported' in wish else ''
    if wish.get('description'):
        told['description'] = ask_description(service, wish['description'])
    if wish.get('login'):
        url = wish['login']['url']
        told['login'] = ask_login(service, url)
        if whole.get('isOurs'):
            told['own'] = [ask_own_login(service, url, one, said) for one in wish['login'].get('providers', [])]
    if wish.get('backends'):
        told.update(ask_backends(service, wish['backends']))
    if wish.get('lookups') and tokens.get():
        told['lookups'] = [
            ask_lookup(service, backend, tokens.get(), whole.get('isOurs') is True) for backend in wish['lookups']
        ]
    if wish.get('handlers') and whole.get('isOurs'):
        told['handlers'] = [ask_handler(service.port, name) for name in wish['handlers']]
    if wish['imports']:
        told['imports'] = ''.join(line for line in said.splitlines(True) if not line.startswith('takes '))
    told['log'] = said_since(wish['log'], size)
    return told


OWN = OwnToken()


def answer(whole):
    given = whole.get('token')
    whole['tokens'] = OWN if whole.get('isOurs') and not given else GivenToken(given)
    answers = {}
    # before there are threads
    for unit, wish in whole['units'].items():
        questions = questions_of_providers(unit, wish) if whole.get('isOurs') and wish.get('login') else []
        if wish['imports'] or questions:
            wish['imported'] = start_import(wish, questions, whole['importer'])
    threads = [
        threading.Thread(target=ask_unit, args=(unit, wish, whole, answers)) for unit, wish in whole['units'].items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def main():
    # its input ends with the shell that started it, whoever else holds a copy of the other end
    os.closerange(3, 256)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


main()
