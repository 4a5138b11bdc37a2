"""The handlers of AGI requests, by the name of their function."""

import contextlib
import logging
import re
import socketserver
import traceback

handlers = {}
PORT = 4573
logger = logging.getLogger(__name__)


def register(handle, setup=None):
    name = handle.__name__
    if name in handlers:
        raise ValueError('handler %r already registered', name)
    handlers[name] = handle


class DialPlanBreak(Exception):
    pass


def quote(text):
    escaped = str('' if text is None else text).replace('\\', '\\\\').replace('"', '\\"').replace('\n', ' ')
    return f'"{escaped}"'


class Dialogue:
    """One call, as Asterisk speaks to it."""

    def __init__(self, reader, writer):
        self._reader, self._writer = reader, writer
        self.env = {}
        for line in iter(lambda: reader.readline().decode().strip(), ''):
            name, _, value = line.partition(':')
            self.env[name] = value.strip()
        numbers = range(1, 1 + sum(key.startswith('agi_arg_') for key in self.env))
        self.args = [self.env[f'agi_arg_{number}'] for number in numbers]

    def send(self, *words):
        self._writer.write(f'{" ".join(map(str, words))}\n'.encode())

    def execute(self, *words):
        """The value of the result, and what stands in brackets behind it."""
        self.send(*words)
        answer = self._reader.readline().decode().strip()
        found = re.match(r'200 result=(\S+)\s*(?:\((.*)\))?', answer)
        if found is None:
            raise ValueError(answer)
        return found[1], found[2] or ''

    def set_variable(self, name, value):
        self.execute('SET VARIABLE', quote(name), quote(value))

    def get_variable(self, name):
        return self.execute('GET VARIABLE', quote(name))[1]

    def verbose(self, text, level=1):
        self.execute('VERBOSE', quote(text), level)

    def appexec(self, application, options=''):
        return self.execute('EXEC', application, quote(options))[0]

    @staticmethod
    def dp_break(message):
        raise DialPlanBreak(str(message))


class Call(socketserver.StreamRequestHandler):
    def handle(self):
        dialogue = Dialogue(self.rfile, self.wfile)
        try:
            name = dialogue.env['agi_network_script']
            handlers[name](dialogue, None, dialogue.args)
            dialogue.verbose(f'AGI handler {name!r} successfully executed')
        except DialPlanBreak as broken:
            logger.info('invalid request, dial plan broken')
            self.leave(dialogue, [str(broken)], 1)
        except Exception:
            logger.exception('unexpected exception')
            lines = traceback.format_exc().split('\n')
            self.leave(dialogue, [*lines, 'A problem occurred in a python script'], 4)

    def leave(self, dialogue, lines, level):
        with contextlib.suppress(Exception):
            for line in lines:
                dialogue.verbose(line, level)
            dialogue.appexec('Goto', 'agi_fail,s,1')
            dialogue.send('failure to have pure code')


def serve():
    # this module, and not __main__, is what handlers register with; an exception in one of them ends the service,
    # with a traceback that goes to stderr alone: the log is opened later
    from wazo_agid import modules

    modules.import_all()
    from xivo import daemon

    spec = daemon.Spec('wazo-agid', PORT, '', 'wazo-agid')
    daemon.open_log(spec)
    socketserver.ThreadingTCPServer.allow_reuse_address = True
    socketserver.ThreadingTCPServer.daemon_threads = True
    with socketserver.ThreadingTCPServer(('127.0.0.1', PORT), Call) as server:
        server.serve_forever()
