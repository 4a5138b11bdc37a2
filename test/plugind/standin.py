"""Stands in for wazo-plugind, and for the little of wazo-auth and wazo-confd that wdev asks (README.md).

    standin.py FOLDER BUS_PORT

Prints its port. FOLDER/play.json says what it does: `events` that a job sends, `installed` before, `after` (what is
installed when they are sent), `market`, `wazo`, `run` (a command when a job completes). FOLDER/asked.jsonl gets what
it was asked.
"""

import base64
import json
import subprocess
import sys
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FOLDER, BUS = Path(sys.argv[1]), int(sys.argv[2])
STATE = {'installed': None, 'read': False}


def play():
    return json.loads((FOLDER / 'play.json').read_text())


def installed():
    if not STATE['read']:
        STATE.update(installed=play().get('installed'), read=True)
    return STATE['installed']


def publish(kind, own):
    """wazo-bus: exchange wazo-headers, the event's name in the headers and in the body."""
    from kombu import Connection, Exchange, Producer

    name = f'plugin_{kind}_progress'
    other = str(uuid.uuid4())
    with Connection(f'amqp://guest:guest@127.0.0.1:{BUS}//') as connection:
        producer = Producer(connection, Exchange('wazo-headers', 'headers'), auto_declare=True)
        for row in play()['events']:
            time.sleep(row.get('wait', 0.01))
            data = {'uuid': other if row.get('other') else own, 'status': row['status']}
            if 'errors' in row:
                data['errors'] = row['errors']
            headers = {'name': name, 'origin_uuid': 'server', 'timestamp': '2026-11-29T00:00:00'}
            body = {**headers, 'data': data}
            if row['status'] == 'completed' and not row.get('other'):
                finish()
            producer.publish(body, headers=headers, routing_key=f'plugin.{kind}.{own}.{row["status"]}')


def finish():
    STATE.update(installed=play().get('after'), read=True)
    if 'run' in play():
        subprocess.run(play()['run'], shell=True, check=True)


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def body(self):
        return json.loads(self.rfile.read(int(self.headers.get('Content-Length') or 0)) or b'null')

    def handle_any(self):
        path, _, query = self.path.partition('?')
        path = path.removeprefix('/api/plugind').removeprefix('/api/auth').removeprefix('/api/confd')
        body = self.body()
        with (FOLDER / 'asked.jsonl').open('a') as file:
            file.write(json.dumps([self.command, path, query, body]) + '\n')
        if (self.command, path) == ('POST', '/0.1/token'):
            basic = 'Basic ' + base64.b64encode(b'wdev:secret').decode()
            if self.headers.get('Authorization') != basic:
                return self.answer(401, {'reason': ['Authentication Failed']})
            return self.answer(200, {'data': {'token': 'token-1'}})
        if self.headers.get('X-Auth-Token') != 'token-1':
            return self.answer(401, {'message': 'Unauthorized', 'error_id': 'unauthorized'})
        if path == '/1.1/infos':
            return self.answer(200, {'wazo_version': play().get('wazo', '26.05')})
        if path == '/0.2/status':
            return self.answer(200, {})
        if path.startswith('/0.2/market/'):
            entry = play().get('market')
            return self.answer(200, entry) if entry else self.answer(404, {'message': 'Plugin not found'})
        if (self.command, path) == ('GET', '/0.2/plugins'):
            items = [] if installed() is None else [installed()]
            return self.answer(200, {'items': items, 'total': len(items)})
        if self.command in ('POST', 'DELETE') and path.startswith('/0.2/plugins'):
            own = str(uuid.uuid4())
            self.answer(200, {'uuid': own})
            kind = 'install' if self.command == 'POST' else 'uninstall'
            work = (publish, (kind, own)) if BUS else (finish, ())
            threading.Thread(target=work[0], args=work[1], daemon=True).start()
            return None
        return self.answer(404, {'message': 'not found'})

    do_GET = do_POST = do_DELETE = handle_any


server = ThreadingHTTPServer(('127.0.0.1', 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
