# SPDX-License-Identifier: # @= license @#
"""Models, as far as they keep what they are given."""


def Field(max_length=None):
    return None


class BaseModel:
    def __init__(self, **values):
        vars(self).update(values)
