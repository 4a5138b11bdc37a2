# SPDX-License-Identifier: # @= license @#
"""The service runs with the settings, without a complaint about them."""

import pytest

pytestmark = pytest.mark.integration


SAID = 'journalctl -o cat _SYSTEMD_INVOCATION_ID=$(systemctl show -P InvocationID %s)'


def test_the_service_takes_them(shell):
    assert shell('systemctl is-active wazo-acmeservice').strip() == 'active'
    assert '50-acme-example-settings.yml' not in shell(SAID % 'wazo-acmeservice')
