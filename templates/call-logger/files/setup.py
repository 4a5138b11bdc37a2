# SPDX-License-Identifier: # @= license @#

from setuptools import setup

setup(
    name='acme-example-call-logger',
    version="# @= pluginVersion @#",
    description="# @= summary @#",
    author="# @= author @#",
    # @_ if (email) { _@#
    author_email="# @= email @#",
    # @_ } _@#
    license="# @= license @#",
    packages=['acme_example_call_logger'],
    # @_ if (isGeneration2) { _@#
    package_data={'acme_example_call_logger': ['settings.env']},
    # @_ } else { _@#
    package_data={'acme_example_call_logger': ['plugin/*']},
    # @_ } _@#
)
