"""wazo-plugind: its API. The work is in jobs.py."""

import uuid
from concurrent.futures import ThreadPoolExecutor

from flask import request
from xivo import daemon
from xivo.auth_verifier import required_acl
from xivo.resources import AuthResource
from xivo.rest_api_helpers import APIException

from . import jobs

# one job after the other; root, as the process that installs
SPEC = daemon.Spec('wazo-plugind', 9503, '0.2', 'root')
RUNNER = ThreadPoolExecutor(max_workers=1)


def begin(work, *words):
    own = str(uuid.uuid4())
    RUNNER.submit(work, own, *words)
    return {'uuid': own}


class Plugins(AuthResource):
    @required_acl('plugind.plugins.read')
    def get(self):
        items = jobs.installed()
        return {'items': items, 'total': len(items)}

    @required_acl('plugind.plugins.create')
    def post(self):
        body = request.get_json()
        if body.get('method') != 'git':
            raise APIException(400, 'No such method here', 'invalid-data')
        return begin(jobs.install, body['options'], request.args.get('reinstall') == 'true')


class Plugin(AuthResource):
    @required_acl('plugind.plugins.{namespace}.{name}.delete')
    def delete(self, namespace, name):
        if not any((one['namespace'], one['name']) == (namespace, name) for one in jobs.installed()):
            raise APIException(404, f'Plugin not found {namespace}/{name}', 'plugin-not-found')
        return begin(jobs.remove, namespace, name)


class Plugind(daemon.Service):
    def load(self):
        super().load()
        self.api.add_resource(Plugins, '/plugins')
        self.api.add_resource(Plugin, '/plugins/<namespace>/<name>')


def serve():
    daemon.main(SPEC, Plugind)
