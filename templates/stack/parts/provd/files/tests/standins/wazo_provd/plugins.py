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
