"""A stand-in for calllogger 2: what a plugin uses of it, for offline tries."""

import threading

#: Whether the call logger goes on.
running = threading.Event()
running.set()

from calllogger.record import CallDataRecord  # noqa: E402, F401
