# SPDX-License-Identifier: # @= license @#
"""wazo-dird has the backend."""

import pytest

pytestmark = pytest.mark.integration

PATH = 'api/dird/0.1/backends/acme_example_csv/sources'


def test_its_sources(wazo):
    status, answer = wazo(PATH)
    assert status == 200
    assert isinstance(answer['items'], list)


def test_a_source_that_could_not_be_read_is_refused(wazo):
    body = {'name': 'acme_example', 'file': '/srv/contacts.csv', 'separator': ';;'}
    assert wazo(PATH, body)[0] == 400
