# SPDX-License-Identifier: # @= license @#
class BaseViewPlugin:
    pass


class BaseServicePlugin:
    pass


class BaseSourcePlugin:
    pass


class Result:
    def __init__(self, fields):
        self.fields = fields


def make_result_class(backend, source_name, unique_column, format_columns):
    return type('SourceResult', (Result,), {'backend': backend, 'source': source_name})
