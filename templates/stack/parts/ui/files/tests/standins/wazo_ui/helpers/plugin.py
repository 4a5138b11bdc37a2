# SPDX-License-Identifier: # @= license @#
from types import SimpleNamespace


def create_blueprint(name, import_name):
    return SimpleNamespace(name=name, import_name=import_name)
