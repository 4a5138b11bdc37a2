"""Takes the records of a plugin. Nothing leaves the machine: they are kept here, oldest first."""

import json
import logging
import queue
import threading

logger = logging.getLogger(__name__)

#: Every record that was pushed, as the fields that would be sent.
recorded = []


class API(threading.Thread):
    """Empties the queue of a plugin into ``recorded``, in place of the sending to the server."""

    def __init__(self, call_queue):
        super().__init__(daemon=True)
        self.queue = call_queue
        self.running = threading.Event()
        self.running.set()

    def run(self):
        while self.running.is_set():
            try:
                record = self.queue.get(timeout=0.1)
            except queue.Empty:
                continue
            try:
                recorded.append(json.loads(json.dumps(record.data)))
            except TypeError:
                logger.exception('a record cannot be sent as JSON: %r', record)
            finally:
                self.queue.task_done()
