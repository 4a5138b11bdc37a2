from contextlib import contextmanager


class HookRetry(Exception):
    def __init__(self, detail):
        super().__init__()
        self.detail = detail


class HookExpectedError(Exception):
    def __init__(self, detail):
        super().__init__()
        self.detail = detail


@contextmanager
def requests_automatic_hook_retry(task):
    yield
