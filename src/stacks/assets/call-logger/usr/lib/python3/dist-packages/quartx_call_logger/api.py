"""Takes the records of a plugin. Unless a server is named, nothing leaves the machine: they are kept here."""

import json
import logging
import queue
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

logger = logging.getLogger(__name__)

#: Every record that was taken, as the fields that are sent; oldest first.
recorded = []

PATH = '/monitor/cdr/record/'
NOT_ALLOWED = (401, 402, 403, 498, 499)
#: An incoming call has ended before it could be sent again.
INCOMING = 0

_url = None


def set_url(server):
    """Send records to this server from now on."""
    global _url
    parts = urllib.parse.urlsplit(server)
    _url = urllib.parse.urlunsplit((parts.scheme, parts.netloc, PATH, '', ''))


class API(threading.Thread):
    """Empties the queue of a plugin."""

    def __init__(self, call_queue):
        super().__init__(daemon=True)
        self.queue = call_queue
        self.running = threading.Event()
        self.running.set()
        #: Seconds until the next attempt, after the server could not be reached.
        self.timeout = 0.05
        self._quit = False

    def run(self):
        while not self._quit and (self.running.is_set() or not self.queue.empty()):
            try:
                record = self.queue.get(timeout=0.1)
            except queue.Empty:
                continue
            try:
                self._take(dict(getattr(record, 'data', record)))
            except TypeError:
                logger.exception('a record cannot be sent as JSON: %r', record)
            finally:
                self.queue.task_done()

    def _take(self, fields):
        body = json.dumps(fields).encode('utf-8')
        if _url is None:
            recorded.append(fields)
            return
        headers = {
            'Authorization': 'Token simulated',
            'Content-Type': 'application/json; charset=utf-8',
            'Accept': 'application/json',
        }
        try:
            with urllib.request.urlopen(urllib.request.Request(_url, body, headers), timeout=10):
                recorded.append(fields)
        except urllib.error.HTTPError as error:
            self._refused(fields, error.code)
        except OSError as error:
            logger.error('%s', error)
            self._again(fields)

    def _refused(self, fields, status):
        logger.error('the server answered %s to %r', status, fields)
        if status in NOT_ALLOWED:
            self._quit = True
            self.running.clear()
        elif status in (404, 408) or status >= 500:
            self._again(fields)

    def _again(self, fields):
        if fields['call_type'] != INCOMING:
            try:
                self.queue.put_nowait(fields)
            except queue.Full:
                logger.error('the queue is full; lost: %r', fields)
        time.sleep(self.timeout)
