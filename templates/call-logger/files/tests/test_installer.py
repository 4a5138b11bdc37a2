# SPDX-License-Identifier: # @= license @#
"""Module and settings are put in place, and taken out without a trace."""

from pathlib import Path

import pytest

from acme_example_call_logger import installer
from acme_example_call_logger.__main__ import main

SETTINGS = """\
# Settings of the call logger
settings:
  token: abc
  plugin: OtherPlugin  # which one runs

OtherPlugin:
  # where it listens
  port: 1234
"""


@pytest.fixture(
    params=[SETTINGS, SETTINGS.rstrip('\n'), SETTINGS.replace('\n', '\r\n'), '']
)
def package(request, tmp_path):
    """A folder like that of the installed call logger."""
    folder = tmp_path / 'quartx_call_logger'
    (folder / 'plugins').mkdir(parents=True)
    (folder / 'plugins' / '__init__.py').touch()
    (folder / 'data').mkdir()
    (folder / 'data' / 'defaults.yml').write_bytes(request.param.encode())
    return folder


@pytest.fixture
def settings(package):
    return package / 'data' / 'defaults.yml'


@pytest.fixture
def run(package, settings):
    return lambda command: main(
        [command, '--package', str(package), '--settings', str(settings)]
    )


def snapshot(folder):
    return {
        path.relative_to(folder): path.read_bytes()
        for path in folder.rglob('*')
        if path.is_file()
    }


def test_install_adds_the_module_and_the_settings(package, settings):
    before = snapshot(package)
    installer.install(package, settings)
    after = snapshot(package)
    assert set(after) - set(before) == {Path('plugins', installer.MODULE)}
    text = settings.read_bytes()
    assert text.startswith(before[settings.relative_to(package)])
    assert b'\nExamplePlugin:\n' in text
    assert installer.is_installed(package, settings)


def test_install_twice_is_install_once(package, settings):
    installer.install(package, settings)
    once = snapshot(package)
    installer.install(package, settings)
    assert snapshot(package) == once


def test_uninstall_gives_every_byte_back(package, settings):
    before = snapshot(package)
    installer.install(package, settings)
    installer.uninstall(package, settings)
    assert snapshot(package) == before
    assert not installer.is_installed(package, settings)


def test_settings_of_someone_else_are_not_replaced(package, settings, run, capsys):
    settings.write_text('ExamplePlugin:\n  own: 1\n', encoding='utf-8')
    before = snapshot(package)
    assert run('install') == 1
    assert 'ExamplePlugin' in capsys.readouterr().err
    assert snapshot(package) == before


def test_another_folder_is_refused(tmp_path, capsys):
    assert main(['install', '--package', str(tmp_path)]) == 1
    assert 'no call logger' in capsys.readouterr().err


def test_commands(run):
    assert run('status') == 1
    assert run('install') == 0
    assert run('status') == 0
    assert run('uninstall') == 0
