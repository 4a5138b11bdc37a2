"""A wait that grows from time to time."""

import time


class Timeout:
    def __init__(self, value=10.0, decay=1.5, maximum=300.0):
        self.value = self.first = value
        self._decay = decay
        self._maximum = maximum

    def sleep(self):
        time.sleep(self.value)
        self.value = min(self._maximum, self.value * self._decay)

    def reset(self):
        self.value = self.first
