# SPDX-License-Identifier: # @= license @#
"""wazo-call-logd runs with the plugin, and may write the files."""

import pytest

pytestmark = pytest.mark.integration

FOLDER = '/var/spool/acme-example'


def test_the_service_may_write(shell):
    assert shell('systemctl is-active wazo-call-logd').strip() == 'active'
    shell(f'setpriv --reuid wazo-call-logd --clear-groups test -w {FOLDER}')
