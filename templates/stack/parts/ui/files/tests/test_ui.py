# SPDX-License-Identifier: # @= license @#
"""The pages of wazo-ui, from the menu to what wazo-confd is asked."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from acme_example.ui import plugin
from acme_example.ui.form import ConfigurationForm, ExternalAppForm
from acme_example.ui.plugin import Plugin
from acme_example.ui.service import ExternalAppService
from acme_example.ui.view import ExternalAppView

PAGES = Path(plugin.__file__).parent / 'templates' / plugin.pages.name


class Apps:
    """The external apps that wazo-confd keeps."""

    def __init__(self):
        door = {'url': 'https://door', 'secret': 'of another program'}
        self.apps: dict[str, Any] = {
            'door': {'name': 'door', 'label': 'Door', 'configuration': door},
            'a b/c': {'name': 'a b/c', 'label': None, 'configuration': None},
        }

    def list(self, **_params):
        items = [dict(app) for app in self.apps.values()]
        return {'items': items, 'total': len(items)}

    def get(self, name):
        return dict(self.apps[name])

    def create(self, app):
        self.apps[app['name']] = app
        return app

    def update(self, app):
        assert app['name'] in self.apps
        self.apps[app['name']] = app

    def delete(self, name):
        del self.apps[name]


@pytest.fixture
def apps():
    return Apps()


@pytest.fixture
def service(apps):
    return ExternalAppService(SimpleNamespace(external_apps=apps))


@pytest.fixture
def loaded(monkeypatch, apps):
    """The pages that load() adds to wazo-ui."""
    seen = SimpleNamespace(menus=[], views=[], blueprints=[])
    register: Any = classmethod(
        lambda view, blueprint, route_base: seen.views.append((blueprint, route_base))
    )
    monkeypatch.setattr(ExternalAppView, 'register', register)
    monkeypatch.setattr(ExternalAppView, 'service', None)
    monkeypatch.setattr(
        plugin, 'register_flaskview', lambda *given: seen.menus.append(given)
    )
    clients = {'wazo_confd': SimpleNamespace(external_apps=apps)}
    core = SimpleNamespace(register_blueprint=seen.blueprints.append)
    Plugin().load({'config': {}, 'flask': core, 'clients': clients})
    return seen


def test_wazo_ui_gets_the_page(loaded):
    blueprint = plugin.pages
    assert loaded.views == [(blueprint, '/acme-example-apps')]
    assert loaded.menus == [(blueprint, ExternalAppView)]
    assert loaded.blueprints == [blueprint]
    assert ExternalAppView.service.get('door')['label'] == 'Door'


def test_the_menu_has_it():
    (item,) = vars(ExternalAppView)['index']._menu_items
    assert item['path'] == '.ipbx.services.acme_example'
    # shown of the tenant that is chosen
    assert item['multi_tenant'] is True


def test_only_users_who_are_logged_in_see_it():
    names = [decorator.__name__ for decorator in ExternalAppView.decorators]
    assert names == ['login_required']


def test_rows_link_to_apps(service):
    ids = [app['id'] for app in service.list()['items']]
    assert ids == ['door', 'a%20b%2Fc']


def form_of(**values):
    form: Any = SimpleNamespace(to_dict=lambda: values)
    return form


def test_an_app_is_added(service, apps):
    new = {'name': 'bell', 'label': 'Bell', 'configuration': {'url': 'https://bell'}}
    app = ExternalAppView()._map_form_to_resources(form_of(**new))
    service.create(app)
    assert apps.apps['bell'] == new


def test_an_app_is_changed_and_keeps_what_is_of_others(service, apps):
    # a field that is shown and cannot be changed is not sent
    form = form_of(label='Front door', configuration={'url': 'https://front'})
    service.update(ExternalAppView()._map_form_to_resources(form, 'door'))
    assert apps.apps['door'] == {
        'name': 'door',
        'label': 'Front door',
        'configuration': {'url': 'https://front', 'secret': 'of another program'},
    }


def test_a_name_is_never_changed(service, apps):
    form = form_of(name='other', label=None, configuration={'url': None})
    service.update(ExternalAppView()._map_form_to_resources(form, 'a b/c'))
    assert list(apps.apps) == ['door', 'a b/c']
    assert apps.apps['a b/c']['configuration'] == {'url': None}


def test_an_app_is_removed(service, apps):
    service.delete('door')
    assert list(apps.apps) == ['a b/c']


MACROS = (
    'add_default_fields',
    'build_breadcrumbs',
    'build_form',
    'build_form_box',
    'build_hidden_add_containers',
    'build_list_containers',
    'build_list_table',
    'build_list_table_headers',
    'build_section_row',
)


class Page:
    """Renders a page with what the layout of wazo-ui offers, as far as it is used."""

    def __init__(self):
        jinja2 = pytest.importorskip('jinja2')
        blocks = ('content_header', 'content')
        layout = ''.join(f'{{% block {name} %}}{{% endblock %}}' for name in blocks)
        loaders = [
            jinja2.DictLoader({'layout.html': layout}),
            jinja2.FileSystemLoader(PAGES),
        ]
        self.jinja = jinja2.Environment(
            loader=jinja2.ChoiceLoader(loaders), autoescape=True
        )
        self.jinja.globals |= dict.fromkeys(MACROS, self.show) | {
            '_': lambda text: text,
            'build_list_table_rows': lambda items, caller: ''.join(map(caller, items)),
            'current_breadcrumbs': [],
            'render_field': self.render_field,
            'url_for': self.url_for,
        }
        self.fields: list[Any] = []
        self.links: list[str] = []

    def render(self, name, **values):
        # a form that is bound has the fields of an inner one in its `form`
        inner = SimpleNamespace(form=ConfigurationForm)
        form = SimpleNamespace(**vars(ExternalAppForm) | {'configuration': inner})
        return self.jinja.get_template(f'{name}.html').render(form=form, **values)

    def show(self, *_given, caller=None, **_named):
        return caller() if caller else ''

    def render_field(self, field, disabled=False):
        assert field, 'the form has no such field'
        self.fields.append(field)
        return ''

    def url_for(self, endpoint, **_path):
        view, method = endpoint.removeprefix('.').split(':')
        assert (view, endpoint[0]) == ('ExternalAppView', '.')
        assert callable(getattr(ExternalAppView, method))
        self.links.append(method)
        return f'/{method}'


FIELDS = [ExternalAppForm.name, ExternalAppForm.label, ConfigurationForm.url]


def test_the_table(service):
    page = Page()
    text = page.render('list', resource_list=service.list())
    assert '<td>door</td>' in text
    assert '<td>https://door</td>' in text
    assert '<td>a b/c</td>' in text
    assert 'None' not in text
    assert 'of another program' not in text
    assert page.fields == FIELDS
    assert page.links == ['index', 'get', 'delete']


def test_the_form(service):
    page = Page()
    page.render('edit', resource=service.get('door'))
    assert page.fields == FIELDS
    assert page.links == ['get', 'put']


def test_what_a_name_may_be():
    _, validators = ExternalAppForm.name.args
    (pattern,) = (one.regex for one in validators if hasattr(one, 'regex'))
    assert pattern.match('door-1')
    # it becomes part of an address
    assert not pattern.match('../users')
    assert not pattern.match('')


def test_the_plugin_is_enabled(entry_points, config):
    enabled = config('wazo-ui')['enabled_plugins']
    assert enabled == dict.fromkeys(entry_points['wazo_ui.plugins'], True)
