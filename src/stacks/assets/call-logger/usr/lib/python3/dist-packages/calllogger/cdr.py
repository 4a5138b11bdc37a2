"""Sends records, one after the other: the same one again until the server takes it."""

import json
import queue
import threading
import urllib.error
import urllib.request

from calllogger.timeout import Timeout

PATH = '/api/v1/monitor/cdr/'
NOT_ALLOWED = (401, 402, 403)


class CDRWorker(threading.Thread):
    def __init__(self, call_queue, running, server, retry):
        super().__init__(daemon=True)
        self._queue = call_queue
        self._running = running
        self._url = server.rstrip('/') + PATH
        self._timeout = Timeout(retry)

    def run(self):
        while self._running.is_set():
            try:
                record = self._queue.get(timeout=0.1)
            except queue.Empty:
                continue
            while self._must_retry(record) and self._running.is_set():
                self._timeout.sleep()
            self._timeout.reset()
            self._queue.task_done()

    def _must_retry(self, record):
        body = json.dumps(record, default=lambda value: value.isoformat()).encode('utf-8')
        headers = {'Authorization': 'Token simulated', 'Content-Type': 'application/json'}
        try:
            with urllib.request.urlopen(urllib.request.Request(self._url, body, headers), timeout=10):
                return False
        except urllib.error.HTTPError as error:
            if error.code in NOT_ALLOWED:
                self._running.clear()
            return error.code in (404, 408) or error.code >= 500
        except OSError:
            return True
