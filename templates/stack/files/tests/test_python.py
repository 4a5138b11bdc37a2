# SPDX-License-Identifier: # @= license @#
"""The Python package as a whole, as the services expect it."""

from pathlib import Path

import pytest

yaml = pytest.importorskip('yaml')

ROOT = Path(__file__).resolve().parent.parent
OF_THE_SERVICE = {'basePath', 'consumes', 'info', 'produces', 'swagger'}
API_FILES = sorted((ROOT / 'acme_example').glob('*/api.yml'))


def test_every_entry_point_can_be_loaded(entry_points):
    for entries in entry_points.values():
        for entry in entries.values():
            assert entry.load() is not None


def test_entry_points_are_in_packages(entry_points):
    # a service looks for api.yml there, and fails as a whole for a single module
    for entries in entry_points.values():
        for entry in entries.values():
            assert entry.module.count('.') >= 2
            assert entry.module.startswith('acme_example.')


def test_api_files_only_add(entry_points):
    for file in API_FILES:
        document = yaml.safe_load(file.read_text(encoding='utf-8'))
        assert document['paths']
        assert not document.keys() & OF_THE_SERVICE


def values_in(setting):
    yield setting
    for value in setting.values() if isinstance(setting, dict) else ():
        yield from values_in(value)


def test_no_setting_is_null():
    # a null in conf.d hides the settings of the service itself
    for file in (ROOT / 'etc').glob('wazo-*/conf.d/*.yml'):
        document = yaml.safe_load(file.read_text(encoding='utf-8'))
        assert isinstance(document, dict)
        assert document
        assert None not in values_in(document), file.name
