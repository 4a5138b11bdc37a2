"""A service: settings, log, plugins, REST API. What is its own, it gives as a Spec."""

import logging
import os
import pwd
import signal
import sys
import threading
from dataclasses import dataclass, field
from types import SimpleNamespace
from unittest.mock import MagicMock

from cheroot import wsgi
from flask import Flask
from flask_restful import Api, Resource

from . import configuration, plugin_helpers, rest_api_helpers


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


class Service:
    def __init__(self, spec):
        self.spec = spec
        self.name = spec.unit.removeprefix('wazo-')
        defaults = {name: {'host': 'localhost', 'https': False} for name in ('amid', 'auth', 'confd', 'dird')}
        for words in spec.groups.values():
            place = defaults
            for word in words.split('.'):
                place = place.setdefault(word, {})
        self.config = configuration.read(spec.unit, configuration.merge(spec.defaults, defaults), spec.join_lists)
        open_log(spec)
        self.app = Flask(spec.unit)
        self.app.url_map.strict_slashes = False
        self.api = Api(self.app, prefix=f'/{spec.version}')
        self.loaded = {}

    def dependencies(self, group):
        own = {'api': self.api, 'app': self.app, 'config': self.config, 'flask_app': self.app}
        names = COMMON + self.spec.gives
        return {name: own[name] if name in own else MagicMock(name=name) for name in names}

    def load(self):
        for group, words in self.spec.groups.items():
            names = self.config
            for word in words.split('.'):
                names = names[word]
            self.loaded[group] = plugin_helpers.load(group, names, self.dependencies(group))
        add_stock_resources(self)

    def serve(self):
        server = wsgi.Server(('127.0.0.1', self.spec.port), self.app, numthreads=8)
        signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.stop).start())
        server.start()


def add_stock_resources(service):
    """Status and description; a plugin that took the same endpoint name has it."""
    groups = service.spec.described or tuple(service.spec.groups)
    stock = {'swagger': '2.0', 'info': {'title': service.spec.unit, 'version': service.spec.version}, 'paths': {}}
    right = f'{service.name}.status.read'

    class StatusResource(rest_api_helpers.AuthResource):
        def get(self):
            return {'plugins': {'status': 'ok'}}

    StatusResource.get.acl = SimpleNamespace(text=right)

    class SwaggerResource(Resource):
        def get(self):
            return rest_api_helpers.api_description(groups, stock)

    for resource, url in ((StatusResource, '/status'), (SwaggerResource, '/api/api.yml')):
        try:
            service.api.add_resource(resource, url)
        except ValueError:
            logging.getLogger('stevedore.extension').exception('error calling %r', url)


def open_log(spec):
    form = logging.Formatter('%(asctime)s [%(process)d] (%(levelname)s) (%(name)s): %(message)s')
    handler = logging.FileHandler(f'/var/log/{spec.unit}.log')
    journal = logging.StreamHandler()
    for one in (handler, journal):
        one.setFormatter(form)
    logging.basicConfig(level=logging.INFO, handlers=[handler, journal])
    if os.getuid() == 0:
        entry = pwd.getpwnam(spec.user)
        os.initgroups(entry.pw_name, entry.pw_gid)
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)


def main(spec, make=Service):
    try:
        service = make(spec)
        service.load()
        service.serve()
    except Exception:
        logging.getLogger(spec.unit).exception('%s ends', spec.unit)
        sys.exit(1)
