# SPDX-License-Identifier: # @= license @#
"""The policy is granted, and to someone."""

from pathlib import Path

import pytest

yaml = pytest.importorskip('yaml')

ROOT = Path(__file__).resolve().parent.parent


def test_the_policy_is_used_and_has_rights():
    file = ROOT / 'etc/wazo-auth/conf.d/50-acme-example-policy.yml'
    settings = yaml.safe_load(file.read_text(encoding='utf-8'))
    ((name, policy),) = settings['default_policies'].items()
    assert policy['acl']
    assert all(
        isinstance(right, str) and not right.startswith(('.', '#'))
        for right in policy['acl']
    )
    groups = settings.get('tenant_default_groups', {}).values()
    granted = [
        settings.get('all_users_policies', {}),
        *(group['policies'] for group in groups),
    ]
    assert any(policies.get(name) is True for policies in granted)
