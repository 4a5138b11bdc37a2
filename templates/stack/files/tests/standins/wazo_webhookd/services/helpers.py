# SPDX-License-Identifier: # @= license @#
from contextlib import contextmanager


class HookRetry(Exception):
    """The webhook is tried again later."""

    def __init__(self, detail):
        super().__init__()
        self.detail = detail


class HookExpectedError(Exception):
    """The webhook failed for a reason that is not a defect."""

    def __init__(self, detail):
        super().__init__()
        self.detail = detail


@contextmanager
def requests_automatic_hook_retry(task):
    """Turns errors of HTTP requests into HookRetry; here they pass."""
    yield
