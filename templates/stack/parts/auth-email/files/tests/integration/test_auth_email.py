# SPDX-License-Identifier: # @= license @#
"""wazo-auth runs, and its Python has the driver."""

import pytest

pytestmark = pytest.mark.integration

MODULE = 'acme_example.auth_email.driver'


def test_the_service_has_it(shell):
    assert shell('systemctl is-active wazo-auth').strip() == 'active'
    shell(f"/usr/bin/python3 -c 'import {MODULE}'")
