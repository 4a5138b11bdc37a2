# SPDX-License-Identifier: # @= license @#
"""wazo-auth has the provider, and lets nobody in by it."""

import pytest

pytestmark = pytest.mark.integration

MODULE = 'acme_example.auth_backend.idp'


def test_a_login_that_does_not_exist_is_refused(wazo):
    status, _ = wazo('api/auth/0.1/token', {'expiration': 1}, login='nobody:nothing')
    assert status == 401


def test_the_services_python_has_it(shell):
    shell(f"/usr/bin/python3 -c 'import {MODULE}'")
