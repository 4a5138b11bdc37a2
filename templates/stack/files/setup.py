# SPDX-License-Identifier: # @= license @#

import re
from pathlib import Path

import yaml
from setuptools import find_packages, setup

FILE = Path(__file__).resolve().parent / 'wazo' / 'plugin.yml'
PLUGIN = yaml.safe_load(FILE.read_text(encoding='utf-8'))


def python_version(version: str) -> str:
    """Write a Debian version as Python takes it: its end becomes a local part."""
    (numbers, rest), *_ = re.findall(r'^(?:\d+:)?(\d+(?:\.\d+)*)(.*)', version)
    local = '.'.join(re.findall('[A-Za-z0-9]+', rest))
    return f'{numbers}+{local}' if local else numbers


setup(
    name='acme_example',
    version=python_version(PLUGIN['version']),
    description=PLUGIN['description'].strip().splitlines()[0],
    author=PLUGIN['author'],
    license="# @= license @#",
    packages=find_packages(
        include=[
            'acme_example',
            'acme_example.*',
        ],
    ),
    # @_ if (hasUi) { _@#
    package_data={'': ['*.yml', 'templates/*/*.html']},
    # @_ } else { _@#
    package_data={'': ['*.yml']},
    # @_ } _@#
    entry_points={
        # @_ for (const set of groups) { _@#
        '# @= set.group @#': [
            # @_ for (const entry of set.entries) { _@#
            '# @= entry @#',
            # @_ } _@#
        ],
        # @_ } _@#
    },
)
