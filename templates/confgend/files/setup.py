# SPDX-License-Identifier: # @= license @#

from setuptools import find_packages, setup

setup(
    name='acme-example-confgend',
    version="# @= pluginVersion @#",
    description="# @= summary @#",
    author="# @= author @#",
    # @_ if (email) { _@#
    author_email="# @= email @#",
    # @_ } _@#
    license="# @= license @#",
    packages=find_packages(
        include=[
            'acme_driver_package',
            'acme_driver_package.*',
        ],
    ),
    entry_points={
        'wazo_confgend.asterisk.example.conf': [
            'example_driver = acme_driver.package.driver:ExampleDriver',
        ],
    },
)
