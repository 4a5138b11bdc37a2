# SPDX-License-Identifier: # @= license @#
"""wazo-auth runs, and its Python has the driver."""

import pytest

pytestmark = pytest.mark.integration


def test_the_service_has_it(shell):
    assert shell('systemctl is-active wazo-auth').strip() == 'active'
    shell("/usr/bin/python3 -c 'import acme_example.auth_email.driver'")
