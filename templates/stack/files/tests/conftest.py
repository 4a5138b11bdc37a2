# SPDX-License-Identifier: # @= license @#
"""Fixtures. Where Wazo is not installed, tests/standins takes its place."""

import re
import shutil
import subprocess
import sys
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path
# @_ if (isSchema) { _@#
from types import SimpleNamespace
# @_ } _@#
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
VERBS = ('delete', 'get', 'head', 'patch', 'post', 'put')
# how Wazo names the right to do it
ACTIONS = {
    'delete': 'delete',
    'get': 'read',
    'head': 'read',
    'patch': 'update',
    'post': 'create',
    'put': 'update',
}
# @_ if (isSchema) { _@#
TENANT = '2c34c282-433e-4bb8-8d56-fec14ff7e1e9'
# @_ } _@#
RUBBISH = ('.git', '_pkg', 'build', '*.egg-info', '__pycache__', '.pytest_cache')
sys.path.insert(0, str(ROOT))
# they fit each other: without Wazo they go before what else is installed, all of them
place = len(sys.path) if find_spec('xivo') else 1
sys.path.insert(place, str(ROOT / 'tests' / 'standins'))


class Api:
    """Keeps what a plugin adds to the API of a service."""

    def __init__(self) -> None:
        self.routes: dict[str, Any] = {}
        self.endpoints: set[str] = set()

    def add_resource(self, resource, *urls, endpoint=None, resource_class_args=()):
        # by default it is the name of the class, which another plugin may have, too
        assert endpoint or resource.__name__.startswith('AcmeExample')
        endpoint = endpoint or resource.__name__.lower()
        names = [base.__name__ for base in resource.__mro__]
        guards = [name for name in names if 'Auth' in name or name == 'ConfdResource']
        assert guards, 'a plain resource asks for no token'
        assert endpoint not in self.endpoints
        self.endpoints.add(endpoint)
        for url in urls:
            assert url not in self.routes
            self.routes[url] = (resource, tuple(resource_class_args))

    def resource(self, url):
        resource, arguments = self.routes[url]
        return resource(*arguments)

    def open_verbs(self):
        """Name every method that any token may call, because it asks for no right."""
        return [
            f'{verb} {url}'
            for url, (resource, _) in self.routes.items()
            for verb in VERBS
            if hasattr(resource, verb) and not hasattr(getattr(resource, verb), 'acl')
        ]

    def rights(self):
        """Return {URL as api.yml writes it: {verb: the right that it asks for}}."""
        found: dict[str, Any] = {}
        for url, (resource, _) in self.routes.items():
            verbs = [verb for verb in VERBS if hasattr(resource, verb)]
            rights = {verb: getattr(resource, verb).acl for verb in verbs}
            # the real decorator keeps more than the text
            texts = {verb: getattr(one, 'pattern', one) for verb, one in rights.items()}
            assert all(
                text.endswith(f'.{ACTIONS[verb]}') for verb, text in texts.items()
            )
            found[re.sub(r'<(?:\w+:)?(\w+)>', r'{\1}', url)] = texts
        return found


@pytest.fixture
def api():
    return Api()


# @_ if (isSchema) { _@#
@pytest.fixture
def ask(monkeypatch):
    """Return a function that calls a method of a resource, as a request of TENANT."""

    def call(method, body=None, args=None, **path):
        request = SimpleNamespace(get_json=lambda force: body, args=args or {})
        tenant = SimpleNamespace(autodetect=lambda: SimpleNamespace(uuid=TENANT))
        token = SimpleNamespace(uuid='token-1', user_uuid='user-1')
        seen = {
            'Tenant': tenant,
            'get_tenant_uuids': lambda recurse=False: [TENANT],
            'request': request,
            'token': token,
            'user': SimpleNamespace(uuid=token.user_uuid),
        }
        module = sys.modules[method.__module__]
        for name in seen.keys() & vars(module).keys():
            monkeypatch.setattr(module, name, seen[name])
        return method(**path)

    return call


# @_ } _@#
def merge(first, second):
    """Merge as the services do: mappings key by key, and of anything else the first."""
    if not isinstance(first, dict) or not isinstance(second, dict):
        return first
    merged = {**second, **first}
    for key in first.keys() & second.keys():
        merged[key] = merge(first[key], second[key])
    return merged


@pytest.fixture(scope='session')
def config():
    """Return a function: service -> what this plugin's conf.d files tell it."""
    yaml = pytest.importorskip('yaml')

    def read(service):
        result: dict[str, Any] = {}
        for file in sorted((ROOT / 'etc' / service / 'conf.d').glob('*.yml')):
            result = merge(result, yaml.safe_load(file.read_text(encoding='utf-8')))
        return result

    return read


@pytest.fixture(scope='session')
def entry_points(tmp_path_factory):
    """Return {group: {name: entry point}}, as setuptools makes them of a copy."""
    pytest.importorskip('setuptools')
    source = tmp_path_factory.mktemp('metadata') / 'source'
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(*RUBBISH))
    command = [sys.executable, 'setup.py', '--quiet', 'egg_info']
    subprocess.run(command, cwd=source, check=True)
    (found,) = distributions(path=[str(source)])
    groups: dict[str, Any] = {}
    for entry in found.entry_points:
        groups.setdefault(entry.group, {})[entry.name] = entry
    return groups


@pytest.fixture(scope='session')
def documented():
    """Return a function: service -> {URL: {verb: right}}, as its api.yml says."""
    yaml = pytest.importorskip('yaml')

    def read(service):
        file = ROOT / 'acme_example' / service / 'api.yml'
        paths = yaml.safe_load(file.read_text(encoding='utf-8'))['paths']
        return {url: rights_of(verbs) for url, verbs in paths.items()}

    return read


def rights_of(verbs):
    found: dict[str, Any] = {}
    for verb in verbs.keys() & set(VERBS):
        text = verbs[verb]['description']
        (found[verb],) = re.findall(r'Required ACL:\*\* `(.+?)`', text)
    return found
