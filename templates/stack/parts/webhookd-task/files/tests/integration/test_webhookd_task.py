# SPDX-License-Identifier: # @= license @#
"""wazo-webhookd runs, and its Python has the task."""

import pytest

pytestmark = pytest.mark.integration

MODULE = 'acme_example.webhookd_task.tasks'


def test_the_service_has_it(shell):
    assert shell('systemctl is-active wazo-webhookd').strip() == 'active'
    shell(f"/usr/bin/python3 -c 'import {MODULE}'")
