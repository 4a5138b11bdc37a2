# SPDX-License-Identifier: # @= license @#
"""The Makefile puts every file in place, and takes it out again."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def files_of(folder):
    return {
        path.relative_to(folder): path.read_bytes()
        for path in folder.rglob('*')
        if path.is_file()
    }


def make(target, destination):
    subprocess.run(
        ['make', '--silent', target, f'DESTDIR={destination}'], cwd=ROOT, check=True
    )


def test_install_and_uninstall(tmp_path):
    make('install', tmp_path)
    assert files_of(tmp_path / 'etc') == files_of(ROOT / 'etc')
    make('install', tmp_path)
    make('uninstall', tmp_path)
    assert files_of(tmp_path) == {}
