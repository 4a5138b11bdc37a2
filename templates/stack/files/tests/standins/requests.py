# SPDX-License-Identifier: # @= license @#
"""As much of requests as posts JSON."""

import json
import urllib.error
import urllib.request


class HTTPError(Exception):
    pass


class Response:
    def __init__(self, status_code):
        self.status_code = status_code

    def raise_for_status(self):
        if self.status_code >= 400:
            raise HTTPError(self.status_code)


def post(url, json=None, timeout=None):
    body = dumps(json).encode()
    question = urllib.request.Request(url, body, {'Content-Type': 'application/json'})
    try:
        with urllib.request.urlopen(question, timeout=timeout[1]) as answer:
            return Response(answer.status)
    except urllib.error.HTTPError as error:
        return Response(error.code)


dumps = json.dumps
