# SPDX-License-Identifier: # @= license @#
"""wazo-webhookd runs, and its Python has the task."""

import pytest

pytestmark = pytest.mark.integration


def test_the_service_has_it(shell):
    assert shell('systemctl is-active wazo-webhookd').strip() == 'active'
    shell("/usr/bin/python3 -c 'import acme_example.webhookd_task.tasks'")
