# SPDX-License-Identifier: # @= license @#
"""As much of Celery as runs a task at once, with all its attempts."""

from types import SimpleNamespace


class Retry(Exception):
    pass


class Task:
    def __init__(self, function, max_retries):
        self._function = function
        self.max_retries = max_retries
        self.request = SimpleNamespace(retries=0)

    def apply(self, args):
        self.request.retries = 0
        while True:
            try:
                value = self._function(self, *args)
                return SimpleNamespace(state='SUCCESS', result=value)
            except Retry:
                self.request.retries += 1
            except Exception as error:
                return SimpleNamespace(state='FAILURE', result=error)

    def delay(self, *args):
        raise RuntimeError('there is no queue here')

    def retry(self, exc, countdown):
        if self.request.retries >= self.max_retries:
            raise exc
        return Retry()


class App:
    def task(self, bind, max_retries):
        assert bind
        return lambda function: Task(function, max_retries)


app = App()
