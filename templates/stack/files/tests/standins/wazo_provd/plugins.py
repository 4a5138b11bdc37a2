# SPDX-License-Identifier: # @= license @#
class StandardPlugin:
    IS_PLUGIN = False

    def __init__(self, app, plugin_dir, gen_cfg, spec_cfg):
        self._app = app
        self._plugin_dir = plugin_dir
