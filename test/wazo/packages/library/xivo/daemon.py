"""A service: settings, log, plugins, REST API. What is its own, it gives as a Spec."""

import importlib.metadata
import logging
import os
import pwd
import signal
import sys
import threading
import time
from dataclasses import dataclass, field
from unittest.mock import MagicMock

from cheroot import wsgi
from flask import Flask, request
from flask_restful import Api

from . import configuration, plugin_helpers


@dataclass
class Spec:
    unit: str
    port: int
    version: str
    user: str
    # entry point group: the words that lead to its key in the settings
    groups: dict = field(default_factory=dict)
    # keys of the dependencies beside those that every service hands out
    gives: tuple = ()
    described: tuple = ()
    join_lists: bool = False
    defaults: dict = field(default_factory=dict)


COMMON = ('api', 'config', 'status_aggregator')

# the services whose applications are not named as their packages
HYPHENATED = ('auth', 'chatd', 'dird', 'webhookd')

# the service of this process
current = None


class Service:
    def __init__(self, spec):
        self.spec = spec
        # what of the service's own work a stand-in does, by the names of dependencies
        self.work = {}
        self.name = spec.unit.removeprefix('wazo-')
        defaults = {name: {'host': 'localhost', 'https': False} for name in ('amid', 'auth', 'confd', 'dird')}
        for group, words in spec.groups.items():
            place = defaults
            for word in words.split('.'):
                place = place.setdefault(word, {})
            place.update({name: True for name in stock_names(group)})
        self.config = configuration.read(spec.unit, configuration.merge(spec.defaults, defaults), spec.join_lists)
        open_log(spec)
        self.app = Flask(spec.unit if self.name in HYPHENATED else spec.unit.replace('-', '_'))
        self.app.after_request(log_request)
        self.app.url_map.strict_slashes = False
        self.api = Api(self.app, prefix=f'/{spec.version}')
        self.loaded = {}

    def dependencies(self, group):
        own = {'api': self.api, 'app': self.app, 'config': self.config, 'flask_app': self.app, **self.work}
        names = COMMON + self.spec.gives
        return {name: own[name] if name in own else MagicMock(name=name) for name in names}

    def load(self):
        for group, words in self.spec.groups.items():
            names = self.config
            for word in words.split('.'):
                names = names[word]
            self.loaded[group] = plugin_helpers.load(group, names, self.dependencies(group))

    def serve(self):
        server = wsgi.Server(('127.0.0.1', self.spec.port), self.app, numthreads=8)
        signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.stop).start())
        server.start()


def stock_names(group):
    """What a service enables by itself."""
    found = importlib.metadata.entry_points(group=group)
    return [entry.name for entry in found if entry.value.startswith('xivo.stock:')]


def log_request(answer):
    logging.getLogger(current.app.name).info(
        'response to %s: %s %s %s', request.remote_addr, request.method, request.url, answer.status_code
    )
    return answer


class Form(logging.Formatter):
    def formatTime(self, record, datefmt=None):
        moment = time.localtime(record.created)
        return f'{time.strftime("%Y-%m-%d %H:%M:%S", moment)},{int(record.msecs):03d} {time.strftime("%Z", moment)}'


class Lines:
    """What is written to it is logged: a print of a plugin, a warning of Python."""

    def __init__(self, name, level):
        self._logger, self._level = logging.getLogger(name), level

    def write(self, text):
        for line in text.rstrip().splitlines():
            self._logger.log(self._level, line.rstrip())

    def flush(self):
        pass


def open_log(spec):
    """From here on the journal has what the log file has: errors by stderr, the rest by stdout."""
    form = Form('%(asctime)s [pid %(process)d] [tid %(thread)d] (%(levelname)s) (%(name)s): %(message)s')
    out, err = logging.StreamHandler(sys.stdout), logging.StreamHandler(sys.stderr)
    out.addFilter(lambda record: record.levelno < logging.ERROR)
    err.addFilter(lambda record: record.levelno >= logging.ERROR)
    for handler in (logging.FileHandler(f'/var/log/{spec.unit}.log'), out, err):
        handler.setFormatter(form)
        logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO)
    sys.stdout, sys.stderr = Lines('STDOUT', logging.INFO), Lines('STDERR', logging.ERROR)
    sys.excepthook = lambda kind, error, frames: logging.getLogger().critical(error, exc_info=(kind, error, frames))
    if os.getuid() == 0:
        entry = pwd.getpwnam(spec.user)
        os.initgroups(entry.pw_name, entry.pw_gid)
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)


def main(spec, make=Service, **work):
    global current
    current = make(spec)
    current.work.update(work)
    current.load()
    current.serve()
