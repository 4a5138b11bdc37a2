# SPDX-License-Identifier: # @= license @#
"""wazo-confgend finds the driver: by its entry point, and by its settings."""

import shutil
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

import pytest
import yaml

from acme_driver.package.driver import ExampleDriver

pytest.importorskip('setuptools')

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = ROOT / 'etc/wazo-confgend/conf.d/50-acme-example.yml'
GROUP = 'wazo_confgend.asterisk.example.conf'
# @_ if (isPackagingSetupPy) { _@#
SETUP = ['setup.py']
# @_ } else { _@#
SETUP = ['-c', 'import setuptools; setuptools.setup()']
# @_ } _@#
RUBBISH = ('.git', 'build', '*.egg-info', '__pycache__', '.pytest_cache')


@pytest.fixture
def entry_points(tmp_path):
    """Entry points as setuptools writes them, made outside of the source folder."""
    ignore = shutil.ignore_patterns(*RUBBISH)
    source = shutil.copytree(ROOT, tmp_path / 'source', ignore=ignore)
    command = [sys.executable, *SETUP, '--quiet', 'egg_info']
    subprocess.run(command, cwd=source, check=True)
    (found,) = distributions(path=[str(source)])
    return found.entry_points


def test_the_entry_point_is_the_driver(entry_points):
    (entry,) = entry_points.select(group=GROUP)
    assert entry.name == 'example_driver'
    assert entry.load() is ExampleDriver


def test_the_driver_is_enabled_under_its_name(entry_points):
    enabled = yaml.safe_load(SETTINGS.read_text(encoding='utf-8'))['plugins']
    (entry,) = entry_points
    assert enabled == {entry.group.removeprefix('wazo_confgend.'): entry.name}
