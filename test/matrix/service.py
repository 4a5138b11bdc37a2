"""
Stand-ins of Wazo's services, with real stevedore: they load plugins as the services do, then answer.

    service.py --all ROOT    prints as JSON what each service loads of the packages below ROOT
    service.py UNIT          on a stack, as a systemd unit: opens the service's port, late if told so, and answers
                             each GET with what it loaded; /run/standins holds what it is told, and what it did

What a service reads, imports and hands out: wazo-contracts, sections 1.1 to 1.5, 2.4 and 4 to 17.
"""

import glob
import http.server
import importlib.metadata
import importlib.resources
import importlib.util
import json
import logging
import os
import sys
import time
from collections import UserDict
from types import SimpleNamespace
from unittest.mock import MagicMock

RUN = '/run/standins'
COMMON = {'api', 'bus_consumer', 'bus_publisher', 'config', 'status_aggregator'}
AUTH = {
    *('api', 'backends', 'config', 'external_auth_service', 'session_service', 'status_aggregator'),
    *('token_service', 'user_service'),
}

AMID = {'ajam_client', 'api', 'config', 'status_aggregator'}
SYSCONFD = {'api', 'config', 'get_bus_consumer', 'status_aggregator'}

# unit: port, {entry point group: (key of the settings that enables, what load() is given)}
SERVICES = {
    'wazo-confgend': (8669, {}),
    'wazo-auth': (
        9497,
        {
            'wazo_auth.backends': (
                'enabled_backend_plugins',
                {'config', 'group_service', 'ldap_service', 'purposes', 'tenant_service', 'user_service'},
            ),
            'wazo_auth.http': ('enabled_http_plugins', AUTH),
            'wazo_auth.metadata': ('enabled_metadata_plugins', {'backends', 'config', 'token_service', 'user_service'}),
            'wazo_auth.external_auth': ('enabled_external_auth_plugins', AUTH),
            'wazo_auth.idp': ('idp_plugins', {'backends', 'config'}),
            'wazo_auth.email_notification': ('email_notification_plugin', None),
        },
    ),
    'wazo-confd': (9486, {'wazo_confd.plugins': ('enabled_plugins', COMMON | {'auth_client', 'middleware_handle'})}),
    'wazo-agentd': (9493, {'wazo_agentd.plugins': ('enabled_plugins', COMMON | {'ami', 'auth', 'service_proxy'})}),
    'wazo-dird': (
        9489,
        {
            'wazo_dird.backends': ('enabled_plugins.backends', None),
            'wazo_dird.services': ('enabled_plugins.services', {'bus', 'config', 'controller', 'source_manager'}),
            'wazo_dird.views': ('enabled_plugins.views', {'api', 'config', 'flask_app', 'services', 'status_aggregator'}),
        },
    ),
    'wazo-calld': (9500, {'wazo_calld.plugins': ('enabled_plugins', COMMON | {'ari', 'pubsub'})}),
    'wazo-call-logd': (9298, {'wazo_call_logd.plugins': ('enabled_plugins', COMMON | {'dao', 'token_renewer'})}),
    'wazo-chatd': (
        9304,
        {
            'wazo_chatd.plugins': ('enabled_plugins', COMMON | {'aio', 'dao', 'hooks'}),
            'wazo_chatd.connectors': ('connectors', None),
        },
    ),
    'wazo-webhookd': (
        9300,
        {
            'wazo_webhookd.celery_tasks': ('enabled_celery_tasks', None),
            'wazo_webhookd.services': ('enabled_services', COMMON | {'auth_client'}),
            'wazo_webhookd.plugins': ('enabled_plugins', COMMON | {'auth_client', 'service_manager'}),
        },
    ),
    'wazo-agid': (4573, {}),
    'wazo-phoned': (9498, {'wazo_phoned.plugins': ('enabled_plugins', COMMON | {'app', 'phone_plugins'})}),
    'wazo-provd': (8666, {}),
    'wazo-amid': (9491, {'wazo_amid.plugins': ('enabled_plugins', AMID)}),
    'wazo-ui': (9296, {'wazo_ui.plugins': ('enabled_plugins', {'clients', 'config', 'flask'})}),
    'wazo-sysconfd': (8668, {'wazo_sysconfd.plugins': ('enabled_plugins', SYSCONFD)}),
}
VERBS = ('delete', 'get', 'head', 'patch', 'post', 'put')


class Config(UserDict):
    """The services' own is no dict either."""


class Api:
    """Refuses what Flask refuses, and what would let anyone in."""

    def __init__(self):
        self.routes, self.verbs = {}, {}

    def add_resource(self, resource, *urls, endpoint=None, resource_class_args=()):
        endpoint = endpoint or resource.__name__.lower()
        if endpoint in self.routes:
            raise ValueError(f'This endpoint ({endpoint}) is already set')
        for verb in VERBS:
            if hasattr(resource, verb) and not getattr(resource, verb).acl:
                raise ValueError(f'{resource.__name__}.{verb} asks for no right')
        self.routes[endpoint] = list(urls)
        for url in urls:
            self.verbs[url] = [verb for verb in VERBS if hasattr(resource, verb)]

    def include_router(self, router):
        """FastAPI's, which has no rights: wazo-sysconfd."""
        for route in router.routes:
            self.routes[route.path] = [route.path]


def merge(first, second, lists):
    if isinstance(first, dict) and isinstance(second, dict):
        merged = {**second, **first}
        for key in first.keys() & second.keys():
            merged[key] = merge(first[key], second[key], lists)
        return merged
    if lists and isinstance(first, list) and isinstance(second, list):
        return first + second
    return first


def settings(root, unit):
    import yaml

    merged = {}
    # what every daemon has for clients of the others
    defaults = {name: {} for name in ('amid', 'auth', 'confd', 'dird')}
    for file in sorted(glob.glob(f'{root}/etc/{unit}/conf.d/*.yml')):
        with open(file, encoding='utf-8') as stream:
            merged = merge(merged, yaml.safe_load(stream), unit == 'wazo-auth')
    return {**defaults, **merged}


class Service:
    def __init__(self, unit, root):
        self.unit, self.root = unit, root
        self.config = settings(root, unit)
        self.api, self.plugins, self.problems = Api(), {}, []
        self.backends, self.dird_services = {}, {}

    def load(self):
        handler = Problems(self.problems)
        logging.getLogger().addHandler(handler)
        try:
            for group, (key, dependencies) in SERVICES[self.unit][1].items():
                self.load_group(group, key, dependencies)
            if self.unit == 'wazo-agid':
                self.import_handlers()
            if self.unit == 'wazo-provd':
                self.run_entries()
            if self.unit == 'wazo-confgend':
                self.generate()
        except Exception as error:
            self.problems.append(f'{self.unit} does not start: {error!r}')
        finally:
            logging.getLogger().removeHandler(handler)
        return self

    def load_group(self, group, key, dependencies):
        from stevedore.named import NamedExtensionManager

        enabled = self.config
        for word in key.split('.'):
            enabled = enabled.get(word, {})
        if isinstance(enabled, str):
            self.make_driver(group, enabled)
            return
        names = [name for name, value in enabled.items() if (value['enabled'] if key in WITH_MAPPING else value)]
        if not names:
            return
        if group == 'wazo_phoned.plugins':
            self.look_for_translations(group, names)
        makes = group not in ('wazo_chatd.connectors', 'wazo_dird.backends', 'wazo_webhookd.celery_tasks')
        manager = NamedExtensionManager(
            group, names, name_order=True, invoke_on_load=makes, on_load_failure_callback=self.on_failure
        )
        missing = set(names) - set(manager.names())
        if missing:
            self.problems.append(f'the entrypoint is missing for plugins: {missing}')
        for extension in manager:
            self.start(group, extension, dependencies)
        self.plugins[group] = sorted(manager.names())
        self.merge_api_files(group)

    def make_driver(self, group, name):
        from stevedore.driver import DriverManager

        made = {'config': Config(self.config), 'template_formatter': MagicMock()}
        driver = DriverManager(group, name, invoke_on_load=True, invoke_kwds=made).driver
        assert callable(driver.send_confirmation) and callable(driver.send_password_reset)
        self.plugins[group] = [name]

    def start(self, group, extension, dependencies):
        if group == 'wazo_webhookd.celery_tasks':
            # a module: its import makes the tasks
            return
        if group == 'wazo_chatd.connectors':
            extension.plugin('tenant', {}, {}).scan_inbound()
            return
        if group == 'wazo_dird.backends':
            source = extension.plugin()
            config = {'backend': extension.name, 'name': 'one'}
            try:
                source.load({'config': config, 'main_config': Config(self.config)})
            except KeyError:
                # a setting of its own, which users give when they create a source
                return
            assert isinstance(source.search('', None), list)
            return
        known = {
            'api': self.api,
            'app': self.api,
            'backends': self.backends,
            'config': Config(self.config),
            'services': self.dird_services,
        }
        names = dependencies | ({'token_changed_subscribe'} if self.unit in HAVE_TOKENS else set())
        result = extension.obj.load({name: known.get(name, MagicMock()) for name in names})
        if group == 'wazo_dird.services':
            assert result is not None, 'load() of a service of wazo-dird gives the service'
            self.dird_services[extension.name] = result
        if group == 'wazo_auth.backends':
            self.backends[extension.name] = SimpleNamespace(obj=extension.obj)
        if group == 'wazo_auth.idp':
            assert extension.obj.loaded
            assert not extension.obj.can_authenticate({'login': 'root', 'password': 'secret'}), 'it takes every login'
            assert extension.obj.get_backend({}) in [backend.obj for backend in self.backends.values()]
        if group == 'wazo_webhookd.services':
            assert hasattr(getattr(extension.plugin, 'run'), '__self__'), 'run is a classmethod'

    def on_failure(self, manager, entry_point, error):
        self.problems.append(f'Error in plugin namespace "{manager.namespace}" when loading "{entry_point}": {error!r}')

    def look_for_translations(self, group, names):
        for entry in importlib.metadata.entry_points(group=group):
            if entry.name in names:
                importlib.resources.files(entry.value.split(':')[0].rpartition('.')[0])

    def merge_api_files(self, group):
        import yaml

        for entry in importlib.metadata.entry_points(group=group):
            package = entry.value.split(':')[0].rpartition('.')[0]
            file = importlib.resources.files(package) / 'api.yml'
            if file.is_file():
                document = yaml.safe_load(file.read_text(encoding='utf-8'))
                assert document['paths'] and not document.keys() & {'basePath', 'info', 'swagger'}

    def import_handlers(self):
        from wazo_agid import agid

        for file in sorted(glob.glob(f'{self.root}/usr/lib/python3/dist-packages/wazo_agid/modules/*.py')):
            name = os.path.basename(file)[:-3]
            spec = importlib.util.spec_from_file_location(f'wazo_agid.modules.{name}', file)
            spec.loader.exec_module(importlib.util.module_from_spec(spec))
        self.plugins['agi'] = sorted(agid.handlers)
        agid.handlers.clear()

    def run_entries(self):
        self.plugins['provd'] = []
        request = SimpleNamespace(getHeader=lambda name: None, path=b'/')
        for folder in sorted(glob.glob(f'{self.root}/var/lib/wazo-provd/plugins/*')):
            with open(f'{folder}/plugin-info', encoding='utf-8') as stream:
                assert {'capabilities', 'description', 'version'} <= json.load(stream).keys()
            names = {'execfile_': exec}
            with open(f'{folder}/entry.py', encoding='utf-8') as stream:
                exec(compile(stream.read(), f'{folder}/entry.py', 'exec'), names)
            (found,) = [value for value in names.values() if getattr(value, 'IS_PLUGIN', False)]
            plugin = found(None, folder, {}, {})
            assert plugin.http_service, 'phones could not fetch their files'
            plugin.http_dev_info_extractor.extract(request, 'http').addCallback(lambda info: None)
            assert plugin.get_remote_state_trigger_filename({}) is None, 'not every device has a MAC address'
            self.plugins['provd'].append(os.path.basename(folder))

    def generate(self):
        from stevedore.driver import DriverManager

        self.plugins['generated'] = []
        for generated, name in self.config.get('plugins', {}).items():
            argument = {'config': Config(self.config), 'tpl_helper': MagicMock()}
            group = f'wazo_confgend.{generated}'
            driver = DriverManager(group, name, invoke_on_load=True, invoke_args=(argument,)).driver
            assert callable(driver.generate)
            self.plugins['generated'].append(generated)

    def told(self):
        keys = {'config': self.config, 'plugins': self.plugins, 'problems': self.problems, 'routes': self.api.routes}
        keys['verbs'] = self.api.verbs
        return json.dumps(keys)


# the stack's libraries for its REST APIs are there on every server
for name in ('agentd', 'amid', 'auth', 'calld', 'confd', 'dird'):
    sys.modules[f'wazo_{name}_client'] = MagicMock()

HAVE_TOKENS = ('wazo-agentd', 'wazo-calld', 'wazo-chatd', 'wazo-confd', 'wazo-phoned')
WITH_MAPPING = ('idp_plugins', 'connectors')


class Problems(logging.Handler):
    """Keeps what stevedore logs of plugins whose load() or constructor fails."""

    def __init__(self, problems):
        super().__init__(logging.ERROR)
        self._problems = problems

    def emit(self, record):
        self._problems.append(record.getMessage())


def all_services(root):
    print('{' + ', '.join(f'"{unit}": {Service(unit, root).load().told()}' for unit in SERVICES) + '}')


def note(text):
    with open(f'{RUN}/history', 'a', encoding='utf-8') as stream:
        stream.write(f'{text}\n')


def serve(unit):
    note(f'{unit} starts')
    if os.path.exists(f'{RUN}/fail-{unit}'):
        sys.exit(f'{unit} fails, as it was asked to')
    told = Service(unit, '/').load().told().encode()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *arguments):
            pass

    late = f'{RUN}/late-{unit}'
    if os.path.exists(late):
        with open(late, encoding='utf-8') as stream:
            time.sleep(float(stream.read()))
    server = http.server.ThreadingHTTPServer(('127.0.0.1', SERVICES[unit][0]), Handler, bind_and_activate=False)
    server.server_bind()
    # before anybody gets an answer: who waits for one may go on, and look at what was done
    note(f'{unit} answers')
    server.server_activate()
    server.serve_forever()


if __name__ == '__main__':
    if sys.argv[1] == '--all':
        all_services(sys.argv[2])
    else:
        serve(sys.argv[1])
