# SPDX-License-Identifier: # @= license @#
"""wazo-confgend finds the driver: by its entry point, and by the setting that enables it."""

import shutil
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

import pytest

from acme_driver.package.driver import ExampleDriver

pytest.importorskip('setuptools')
yaml = pytest.importorskip('yaml')

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def entry_points(tmp_path):
    """Entry points as setuptools writes them, made outside of the source folder."""
    rubbish = shutil.ignore_patterns('.git', 'build', '*.egg-info', '__pycache__', '.pytest_cache')
    source = shutil.copytree(ROOT, tmp_path / 'source', ignore=rubbish)
    # @_ if (isPackagingSetupPy) { _@#
    subprocess.run([sys.executable, 'setup.py', '--quiet', 'egg_info'], cwd=source, check=True)
    # @_ } else { _@#
    setup = 'import setuptools; setuptools.setup()'
    subprocess.run([sys.executable, '-c', setup, '--quiet', 'egg_info'], cwd=source, check=True)
    # @_ } _@#
    (found,) = distributions(path=[str(source)])
    return found.entry_points


def test_the_entry_point_is_the_driver(entry_points):
    (entry,) = [entry for entry in entry_points if entry.group == 'wazo_confgend.asterisk.example.conf']
    assert entry.name == 'example_driver'
    assert entry.load() is ExampleDriver


def test_the_driver_is_enabled_under_its_name(entry_points):
    text = (ROOT / 'etc/wazo-confgend/conf.d/50-acme-example.yml').read_text(encoding='utf-8')
    enabled = yaml.safe_load(text)['plugins']
    offered = {entry.group.removeprefix('wazo_confgend.'): entry.name for entry in entry_points}
    assert enabled == offered
