# SPDX-License-Identifier: # @= license @#
"""Module and settings are put in place, and taken out without a trace."""

from pathlib import Path

import pytest

from acme_example_call_logger import installer
from acme_example_call_logger.__main__ import main

DEFAULTS = """\
# Defaults of the call logger
settings:
  plugin: OtherPlugin  # which one runs

OtherPlugin:
  # where it listens
  port: 1234
"""


@pytest.fixture(params=[DEFAULTS, DEFAULTS.rstrip('\n'), DEFAULTS.replace('\n', '\r\n'), ''])
def package(request, tmp_path):
    """A folder like that of the installed call logger."""
    folder = tmp_path / 'quartx_call_logger'
    (folder / 'plugins').mkdir(parents=True)
    (folder / 'plugins' / '__init__.py').touch()
    (folder / 'data').mkdir()
    (folder / 'data' / 'defaults.yml').write_bytes(request.param.encode())
    return folder


def snapshot(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob('*') if path.is_file()}


def test_install_adds_the_module_and_the_settings(package):
    before = snapshot(package)
    installer.install(package)
    after = snapshot(package)
    assert set(after) - set(before) == {Path('plugins', installer.MODULE)}
    defaults = after[Path('data', 'defaults.yml')].decode()
    assert defaults.startswith(before[Path('data', 'defaults.yml')].decode())
    assert '\nExamplePlugin:\n' in defaults
    assert installer.is_installed(package)


def test_install_twice_is_install_once(package):
    installer.install(package)
    once = snapshot(package)
    installer.install(package)
    assert snapshot(package) == once


def test_uninstall_gives_every_byte_back(package):
    before = snapshot(package)
    installer.install(package)
    installer.uninstall(package)
    assert snapshot(package) == before
    assert not installer.is_installed(package)


def test_settings_of_someone_else_are_not_replaced(package, capsys):
    defaults = package / 'data' / 'defaults.yml'
    defaults.write_text('ExamplePlugin:\n  own: 1\n', encoding='utf-8')
    before = snapshot(package)
    assert main(['install', '--package', str(package)]) == 1
    assert 'ExamplePlugin' in capsys.readouterr().err
    assert snapshot(package) == before


def test_another_folder_is_refused(tmp_path, capsys):
    assert main(['install', '--package', str(tmp_path)]) == 1
    assert 'not a call logger' in capsys.readouterr().err


def test_commands(package):
    assert main(['status', '--package', str(package)]) == 1
    assert main(['install', '--package', str(package)]) == 0
    assert main(['status', '--package', str(package)]) == 0
    assert main(['uninstall', '--package', str(package)]) == 0
