# SPDX-License-Identifier: # @= license @#
import os


class StandardPlugin:
    IS_PLUGIN = False
    http_dev_info_extractor = None
    http_service = None
    pg_associator = None

    def __init__(self, app, plugin_dir, gen_cfg, spec_cfg):
        self._plugin_dir = plugin_dir
        self._tftpboot_dir = os.path.join(plugin_dir, 'var', 'tftpboot')


class TemplatePluginHelper:
    """Finds the template of a phone: one for its file, for its model, or base.tpl."""

    def __init__(self, plugin_dir):
        folders = (os.path.join('var', 'templates'), 'templates')
        paths = [os.path.join(plugin_dir, folder) for folder in folders]
        import jinja2

        loader = jinja2.FileSystemLoader(paths)
        self._environment = jinja2.Environment(loader=loader)

    def get_dev_template(self, filename, device):
        names = [f'{filename}.tpl', f'{device.get("model")}.tpl', 'base.tpl']
        return self._environment.select_template(names)

    def dump(self, template, context, filename, encoding='UTF-8'):
        with open(filename, 'w', encoding=encoding) as file:
            file.write(template.render(context))
