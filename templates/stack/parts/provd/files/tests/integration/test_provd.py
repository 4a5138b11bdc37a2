# SPDX-License-Identifier: # @= license @#
"""wazo-provd runs with the plugin."""

import pytest

pytestmark = pytest.mark.integration


HOME = '/var/lib/wazo-provd/plugins/acme-example'


def test_the_service_loads_it(shell):
    assert shell('systemctl is-active wazo-provd').strip() == 'active'
    # it reads the folder as wazo-provd, and writes the files of phones there
    shell(f'setpriv --reuid wazo-provd --clear-groups test -r {HOME}/plugin-info')
    shell(f'setpriv --reuid wazo-provd --clear-groups test -w {HOME}/var/tftpboot')
