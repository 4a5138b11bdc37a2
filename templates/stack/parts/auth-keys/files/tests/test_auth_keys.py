# SPDX-License-Identifier: # @= license @#
"""The rights of the service."""

from pathlib import Path

import pytest

yaml = pytest.importorskip('yaml')

ROOT = Path(__file__).resolve().parent.parent


def test_each_service_gets_a_list_of_rights():
    file = ROOT / 'etc/wazo-auth-keys/conf.d/50-acme-example.yml'
    settings = yaml.safe_load(file.read_text(encoding='utf-8'))
    for service, entry in settings.items():
        assert service.startswith('wazo-')
        assert entry['acl']
        assert all(isinstance(right, str) for right in entry['acl'])


def test_the_keys_are_updated_before_the_service_restarts():
    rules = (ROOT / 'wazo' / 'rules').read_text(encoding='utf-8')
    assert rules.index('wazo-auth-keys service update') < rules.index(
        '    restart wazo-acmekeyservice'
    )
