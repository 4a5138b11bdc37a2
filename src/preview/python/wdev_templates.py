"""The `tpl_helper` of a driver: the administrator's templates before those of wazo-confgend itself."""

import importlib.util
import os


class TemplateMissing(Exception):
    """No such template here; says where it was looked for."""

    wdev_missing = 'template'


class TemplateHelper:
    def __init__(self, root):
        self._folder = os.path.join(root, 'etc/wazo-confgend/templates')
        self._environment = None
        #: Names that a template used and nobody set; the real service renders them as nothing.
        self.undefined = []

    def get_template(self, name):
        return self._select([f'{name}.jinja'])

    def get_customizable_template(self, name, custom_part):
        return self._select([f'{name}-{custom_part}.jinja', f'{name}.jinja'])

    def _select(self, names):
        import jinja2

        if self._environment is None:
            self._environment = self._make(jinja2)
        try:
            return _Template(self._environment.select_template(names))
        except jinja2.TemplatesNotFound:
            where = '/etc/wazo-confgend/templates'
            if importlib.util.find_spec('wazo_confgend') is None:
                where += ' of the plugin (and wazo_confgend, with its own templates, is not installed here)'
            raise TemplateMissing(f'No template {" or ".join(names)} in {where}') from None

    def _make(self, jinja2):
        loaders = [jinja2.FileSystemLoader(self._folder)]
        try:
            loaders.append(jinja2.PackageLoader('wazo_confgend', 'templates'))
        except (ImportError, ValueError):
            pass
        undefined, helper = jinja2.Undefined, self

        class NotedUndefined(undefined):
            def __str__(self):
                helper.undefined.append(self._undefined_name)
                return super().__str__()

        return jinja2.Environment(loader=jinja2.ChoiceLoader(loaders), undefined=NotedUndefined)


class _Template:
    def __init__(self, template):
        self._template = template

    def dump(self, context):
        return self._template.render(context)
