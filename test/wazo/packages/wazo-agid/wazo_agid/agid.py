"""The handlers of AGI requests, by the name of their function."""

import logging
import socketserver

handlers = {}
PORT = 4573


def register(handle, setup=None):
    name = handle.__name__
    if name in handlers:
        raise ValueError(f'handler {name} is there already')
    handlers[name] = handle


class Dialogue:
    """One call, as Asterisk speaks to it."""

    def __init__(self, reader, writer):
        self._reader, self._writer = reader, writer
        self.env = {}
        for line in iter(lambda: reader.readline().decode().strip(), ''):
            name, _, value = line.partition(':')
            self.env[name] = value.strip()

    def execute(self, command):
        self._writer.write(f'{command}\n'.encode())
        return self._reader.readline().decode().strip()

    def set_variable(self, name, value):
        self.execute(f'SET VARIABLE {name} "{value}"')

    def get_variable(self, name):
        answer = self.execute(f'GET VARIABLE {name}')
        return answer.partition('(')[2].rstrip(')')

    def verbose(self, text, level=1):
        self.execute(f'VERBOSE "{text}" {level}')


class Call(socketserver.StreamRequestHandler):
    def handle(self):
        dialogue = Dialogue(self.rfile, self.wfile)
        name = dialogue.env.get('agi_network_script', '')
        args = [dialogue.env[key] for key in sorted(dialogue.env) if key.startswith('agi_arg_')]
        try:
            handlers[name](dialogue, None, args)
        except Exception:
            logging.exception('invalid request %s', name)
            dialogue.execute('SET CONTEXT agi_fail')
            dialogue.execute('SET EXTENSION s')
            dialogue.execute('SET PRIORITY 1')


def serve():
    # this module, and not __main__, is what handlers register with
    from xivo import daemon

    spec = daemon.Spec('wazo-agid', PORT, '', 'wazo-agid')
    daemon.open_log(spec)
    # an exception in one of them ends the service; its traceback goes to stderr alone
    from wazo_agid import modules

    modules.import_all()
    socketserver.ThreadingTCPServer.allow_reuse_address = True
    with socketserver.ThreadingTCPServer(('127.0.0.1', PORT), Call) as server:
        server.serve_forever()
