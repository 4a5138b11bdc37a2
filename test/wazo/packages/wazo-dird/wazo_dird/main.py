"""wazo-dird: services, then views; a backend is imported and made at the first lookup through one of its sources."""

import json
import logging
import os
from functools import partial
from types import SimpleNamespace

from flask import request
from stevedore.exception import NoMatches
from stevedore.named import NamedExtensionManager
from xivo import daemon, plugin_helpers
from xivo.auth_verifier import required_acl
from xivo.configuration import Settings
from xivo.resources import AuthResource
from xivo.rest_api_helpers import APIException

from .exception import NoSuchProfile

logger = logging.getLogger('wazo_dird.source_manager')
FILE = '/var/lib/wazo-dird/sources.json'

SPEC = daemon.Spec(
    'wazo-dird', 9489, '0.1', 'www-data',
    {'wazo_dird.services': 'enabled_plugins.services', 'wazo_dird.views': 'enabled_plugins.views'},
    ('auth_client', 'bus', 'confd_client', 'controller', 'source_manager'),
    described=('wazo_dird.views',),
    defaults={'enabled_plugins': {'backends': {}}},
)


class Sources:
    def __init__(self, config):
        self._config, self._made = config, {}
        self._stored = {}
        if os.path.exists(FILE):
            with open(FILE, encoding='utf-8') as stream:
                self._stored = json.load(stream)

    def of(self, backend):
        return [source for source in self._stored.values() if source['backend'] == backend]

    def get(self, uuid):
        if uuid not in self._stored:
            raise APIException(404, 'No such source', 'unknown-source')
        return self._stored[uuid]

    def put(self, source):
        self._stored[source['uuid']] = source
        self._made.pop(source['uuid'], None)
        self._save()

    def remove(self, uuid):
        self.get(uuid)
        del self._stored[uuid]
        self._made.pop(uuid, None)
        self._save()

    def _save(self):
        with open(FILE, 'w', encoding='utf-8') as stream:
            json.dump(self._stored, stream)

    def made(self):
        return [made for made in map(self._make, self._stored.values()) if made is not None]

    def _make(self, source):
        uuid, backend = source['uuid'], source['backend']
        # what is half-made stays
        if self._made.get(uuid) is None:
            self._made[uuid] = self._load(source, backend)
        return self._made[uuid]

    def _load(self, source, backend):
        manager = NamedExtensionManager(
            'wazo_dird.backends',
            [backend],
            on_load_failure_callback=plugin_helpers.load_failed,
            on_missing_entrypoints_callback=partial(plugin_helpers.entry_points_missing, 'wazo_dird.backends'),
            invoke_on_load=True,
        )

        def make(extension):
            try:
                made = extension.plugin()
                made.name, made.backend = source['name'], backend
                made.load({'config': source, 'main_config': Settings(self._config)})
            except Exception:
                logger.exception('Failed to load back-end `%s` with config `%s`', extension.name, source['name'])
            return made

        try:
            return next(iter(manager.map(make)), None)
        except NoMatches:
            return None

    def ask(self, what, *args):
        found = []
        for source in self.made():
            method = getattr(source, what)
            try:
                found.append(method(*args))
            except Exception:
                logging.getLogger().exception('An error occured in %s', what)
        return found


# the contacts of all sources, for who asks whose number one is
CALLERS = {'5550100': 'Ann Archer', '+33123456789': 'Ann Archer'}


class Profiles:
    def get_by_name(self, tenant_uuid, name):
        if name != 'default':
            raise NoSuchProfile(name)
        return {'name': name}


class Reverse:
    def reverse_many(self, profile_config, extens, profile, user_uuid=None, token=None):
        names = [CALLERS.get(exten) for exten in extens]
        return [name and SimpleNamespace(fields={'reverse': name}) for name in names]


class Dird(daemon.Service):
    def __init__(self, spec):
        super().__init__(spec)
        self.sources = Sources(self.config)
        self.services = {'profile': Profiles(), 'reverse': Reverse(), 'source': self.sources}
        self.work['controller'] = self

    def dependencies(self, group):
        given = super().dependencies(group)
        if group == 'wazo_dird.services':
            return given
        made = {one.name: getattr(one, 'returned', None) for one in self.loaded['wazo_dird.services'] or []}
        self.services.update(made)
        return {**given, 'services': self.services}

    def load(self):
        super().load()
        self.api.add_resource(Lookup, '/directories/lookup/<profile>', resource_class_args=[self.sources])


class Lookup(AuthResource):
    def __init__(self, sources):
        self._sources = sources

    @required_acl('dird.directories.lookup.{profile}.read')
    def get(self, profile):
        found = self._sources.ask('search', request.args['term'], {'token': '', 'user_uuid': ''})
        return {'term': request.args['term'], 'results': [one.fields for some in found for one in some]}


def serve():
    daemon.main(SPEC, Dird)
