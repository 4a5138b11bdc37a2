# SPDX-License-Identifier: # @= license @#
"""wazo-auth has the plugin in its settings."""

import pytest

pytestmark = pytest.mark.integration


def test_it_is_enabled(wazo):
    status, settings = wazo('api/auth/0.1/config')
    assert status == 200
    assert settings['enabled_metadata_plugins']['acme_example'] is True
    assert 'acme_example' in settings['purpose_metadata_mapping']['user']
