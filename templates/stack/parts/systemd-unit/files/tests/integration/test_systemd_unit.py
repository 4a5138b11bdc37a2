# SPDX-License-Identifier: # @= license @#
"""systemd has the timer, and runs the program."""

import pytest

pytestmark = pytest.mark.integration

UNIT = 'acme-example'


def test_the_timer_waits(shell):
    assert shell(f'systemctl is-enabled {UNIT}.timer').strip() == 'enabled'
    assert shell(f'systemctl is-active {UNIT}.timer').strip() == 'active'


def test_the_service_ends_well(shell):
    shell(f'systemctl start {UNIT}.service')
