# SPDX-License-Identifier: # @= license @#
"""The token of the service has the rights."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.integration


ROOT = Path(__file__).resolve().parent.parent.parent
RIGHTS = 'acme-example.yml'
KEY = '/var/lib/wazo-auth-keys/wazo-acmekeyservice-key.yml'


def test_the_rights(wazo, shell):
    yaml = pytest.importorskip('yaml')
    file = ROOT / 'etc/wazo-auth-keys/conf.d' / f'50-{RIGHTS}'
    wanted = yaml.safe_load(file.read_text(encoding='utf-8'))['wazo-acmekeyservice']['acl']
    key = yaml.safe_load(shell(f'cat {KEY}'))
    login = f"{key['service_id']}:{key['service_key']}"
    status, answer = wazo('api/auth/0.1/token', {'expiration': 60}, login=login)
    assert status == 200
    assert set(wanted) <= set(answer['data']['acl'])
