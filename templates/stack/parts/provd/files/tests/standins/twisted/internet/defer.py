# SPDX-License-Identifier: # @= license @#
class Deferred:
    """As much of Twisted's as has its result already."""

    def __init__(self, result):
        self.result = result

    def addCallback(self, callback):
        self.result = callback(self.result)
        return self


def succeed(result):
    return Deferred(result)
