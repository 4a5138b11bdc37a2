# SPDX-License-Identifier: # @= license @#
"""Asterisk has the subroutine, and wazo-agid the handler."""

import pytest

pytestmark = pytest.mark.integration


def test_the_subroutine(asterisk):
    answer = asterisk('dialplan show acme-example-lookup')
    assert 'acme_example_lookup' in answer


def test_the_handler_asks_whose_call_it_is(agid):
    assert 'WAZO_TENANT_UUID' in agid('acme_example_lookup', '0612345678')
