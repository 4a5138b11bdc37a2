# SPDX-License-Identifier: # @= license @#
"""wazo-confgend finds the driver: by its entry point, and by the setting that enables it."""


def test_the_driver_is_enabled_under_its_name(entry_points, config):
    prefix = 'wazo_confgend.'
    offered = {
        group.removeprefix(prefix): name
        for group, entries in entry_points.items()
        for name in entries
        if group.startswith(prefix)
    }
    assert offered
    assert config('wazo-confgend')['plugins'] == offered
