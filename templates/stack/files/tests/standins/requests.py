# SPDX-License-Identifier: # @= license @#
"""As much of requests as posts JSON."""

import json
import urllib.error
import urllib.request


class RequestException(OSError):
    pass


class HTTPError(RequestException):
    pass


class Response:
    def __init__(self, status_code, content=b''):
        self.status_code = status_code
        self._content = content

    def json(self):
        return json.loads(self._content)

    def raise_for_status(self):
        if self.status_code >= 400:
            raise HTTPError(self.status_code)


def post(url, json=None, headers=None, timeout=(None, None)):
    sent = {'Content-Type': 'application/json'} | (headers or {})
    question = urllib.request.Request(url, dumps(json).encode(), sent)
    try:
        with urllib.request.urlopen(question, timeout=timeout[1]) as answer:
            return Response(answer.status, answer.read())
    except urllib.error.HTTPError as error:
        return Response(error.code)


dumps = json.dumps
