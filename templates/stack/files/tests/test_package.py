# SPDX-License-Identifier: # @= license @#
"""wazo/rules makes the right package when it is called as wazo-plugind calls it."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TREES = ('etc', 'lib', 'opt', 'srv', 'usr', 'var')


def run_rules(source, command, **variables):
    return subprocess.run(
        ['wazo/rules', command],
        cwd=source,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
    )


def files_of(folder):
    return {path.relative_to(folder): path for path in folder.rglob('*') if path.is_file()}


@pytest.fixture
def source(tmp_path):
    """A clean copy of the plugin: wazo-plugind builds a fresh clone."""
    rubbish = shutil.ignore_patterns('.git', '.wdev', '_pkg', '__pycache__', '.pytest_cache')
    return Path(shutil.copytree(ROOT, tmp_path / 'source', ignore=rubbish))


@pytest.fixture
def package(source, tmp_path):
    """What the package would hold; the space in its path finds missing quotes."""
    pkgdir = tmp_path / 'the package'
    pkgdir.mkdir()
    for command in ('build', 'package'):
        done = run_rules(source, command, pkgdir=str(pkgdir))
        assert done.returncode == 0, done.stderr
    return pkgdir


def test_package_holds_what_the_source_has_for_it(package):
    expected = {
        path.relative_to(ROOT): path.read_bytes()
        for tree in TREES
        for path in (ROOT / tree).rglob('*')
        if path.is_file()
    }
    packaged = {name: path.read_bytes() for name, path in files_of(package).items()}
    assert expected
    assert packaged == expected


def test_services_may_read_everything(package):
    modes = {name: stat.S_IMODE(path.stat().st_mode) for name, path in files_of(package).items()}
    assert {name: mode for name, mode in modes.items() if mode not in (0o644, 0o755)} == {}


def test_package_leaves_the_source_alone(source, package):
    assert set(files_of(source)) == {
        name for name in files_of(source) if (ROOT / name).is_file()
    }


def test_package_needs_pkgdir(source):
    assert run_rules(source, 'package', pkgdir='').returncode != 0


def test_unknown_command_is_refused(source):
    done = run_rules(source, 'no-such-command')
    assert done.returncode == 1
    assert 'usage' in done.stderr
