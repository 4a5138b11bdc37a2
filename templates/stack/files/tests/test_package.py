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
RUBBISH = ('.git', '_pkg', 'build', '__pycache__', '.pytest_cache')


def run_rules(source, command, **variables):
    return subprocess.run(
        ['wazo/rules', command],
        cwd=source,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
        # a strict umask of who builds must not keep files from the services
        umask=0o077,
    )


def files_of(folder):
    found = {}
    for path in folder.rglob('*'):
        name = path.relative_to(folder)
        is_file = path.is_file() and not path.is_symlink()
        if is_file and not set(name.parts) & set(RUBBISH):
            found[name] = path
    return found


def contents(files):
    return {name: path.read_bytes() for name, path in files.items()}


@pytest.fixture(scope='module')
def source(tmp_path_factory):
    """A clean copy of the plugin: wazo-plugind builds a fresh clone."""
    ignore = shutil.ignore_patterns(*RUBBISH)
    folder = tmp_path_factory.mktemp('clone') / 'source'
    return Path(shutil.copytree(ROOT, folder, ignore=ignore))


@pytest.fixture(scope='module')
def package(source, tmp_path_factory):
    """The files of the package; the space in its path finds missing quotes."""
    pkgdir = tmp_path_factory.mktemp('the package')
    for command in ('build', 'package'):
        done = run_rules(source, command, pkgdir=str(pkgdir))
        assert done.returncode == 0, done.stderr
    return pkgdir


def test_package_holds_what_the_source_has_for_it(package):
    expected = {}
    for name, content in contents(files_of(ROOT)).items():
        if name.parts[0] in TREES:
            expected[name] = content
    # @_ if (isPython) { _@#
        elif name.parts[0] == 'acme_example':
            expected[Path('usr/lib/python3/dist-packages') / name] = content
    # @_ } _@#
    packaged = contents(files_of(package))
    # @_ if (isPython) { _@#
    metadata = [name for name in packaged if name.parent.suffix == '.dist-info']
    assert sorted(name.name for name in metadata) == ['METADATA', 'entry_points.txt']
    for name in metadata:
        del packaged[name]
    # @_ } _@#
    assert packaged == expected


def test_services_may_read_everything(package):
    for name, path in files_of(package).items():
        assert stat.S_IMODE(path.stat().st_mode) in (0o644, 0o755), name


def test_package_leaves_the_source_alone(source, package):
    assert set(files_of(source)) == set(files_of(ROOT))


def test_package_needs_pkgdir(source, package):
    # what was built is there, so nothing else is missing
    assert run_rules(source, 'package', pkgdir='').returncode != 0


# @_ if (hasReaders) { _@#
def test_what_reads_the_files_reads_them_again():
    rules = (ROOT / 'wazo' / 'rules').read_text(encoding='utf-8')
    # @_ for (const service of restarts) { _@#
    assert '    restart # @= service.unit @# ' in rules
    # @_ } _@#
    # @_ for (const command of reloads) { _@#
    assert '"# @= command @#"' in rules
    # @_ } _@#


# @_ } _@#
def test_unknown_command_is_refused(source):
    done = run_rules(source, 'no-such-command')
    assert done.returncode == 1
    assert 'usage' in done.stderr
