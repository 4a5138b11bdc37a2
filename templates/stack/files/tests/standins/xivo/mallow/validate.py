# SPDX-License-Identifier: # @= license @#
import re


class Length:
    def __init__(self, min=0, max=float('inf')):
        self._bounds = (min, max)

    def __call__(self, value):
        low, high = self._bounds
        return low <= len(value) <= high


class Regexp:
    def __init__(self, regex):
        self._regex = regex

    def __call__(self, value):
        return re.match(self._regex, value) is not None
