# SPDX-License-Identifier: # @= license @#
class Length:
    def __init__(self, min=0, max=float('inf')):
        self._bounds = (min, max)

    def __call__(self, value):
        low, high = self._bounds
        return low <= len(value) <= high
