# SPDX-License-Identifier: # @= license @#
"""The settings are a mapping without holes: a null would hide what the service itself has."""

from pathlib import Path

import pytest

yaml = pytest.importorskip('yaml')

ROOT = Path(__file__).resolve().parent.parent


def test_settings():
    file = ROOT / 'etc/wazo-acmeservice/conf.d/50-acme-example-settings.yml'
    settings = yaml.safe_load(file.read_text(encoding='utf-8'))
    assert settings
    assert None not in settings.values()
