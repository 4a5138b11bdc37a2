# SPDX-License-Identifier: # @= license @#
"""The service of wazo-dird."""

from typing import Any

import pytest

from acme_example.dird_service.plugin import Plugin


@pytest.fixture
def service(config):
    dependencies: Any = {'config': config('wazo-dird')}
    return Plugin().load(dependencies)


@pytest.mark.parametrize(
    ('number', 'normal'),
    [
        ('01 23 45', '+3312345'),
        ('0044 20 1', '+44201'),
        ('+1 (555) 01', '+155501'),
        ('101', '101'),
    ],
)
def test_numbers(service, number, normal):
    assert service.normalize(number) == normal


def test_the_service_is_enabled(entry_points, config):
    enabled = config('wazo-dird')['enabled_plugins']['services']
    assert enabled == dict.fromkeys(entry_points['wazo_dird.services'], True)
