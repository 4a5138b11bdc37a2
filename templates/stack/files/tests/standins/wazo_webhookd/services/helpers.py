# SPDX-License-Identifier: # @= license @#
from contextlib import contextmanager


class HookRetry(Exception):
    """The webhook is tried again later."""


class HookExpectedError(Exception):
    """The webhook failed for a reason that is not a defect."""


@contextmanager
def requests_automatic_hook_retry(task):
    """Turns errors of HTTP requests into HookRetry; here they pass."""
    yield
