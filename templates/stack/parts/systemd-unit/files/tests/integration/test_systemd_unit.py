# SPDX-License-Identifier: # @= license @#
"""systemd has the timer, and runs the program."""

import pytest

pytestmark = pytest.mark.integration


def test_the_timer_waits(shell):
    assert shell('systemctl is-enabled acme-example.timer').strip() == 'enabled'
    assert shell('systemctl is-active acme-example.timer').strip() == 'active'


def test_the_service_ends_well(shell):
    shell('systemctl start acme-example.service')
