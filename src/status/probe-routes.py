"""Asks services for routes, with OPTIONS, which no route acts upon and an absent one answers with 404.

probe-routes.py PORT:PATH...   prints the HTTP status of each, 0 where nothing answered.
"""

import http.client
import sys

for word in sys.argv[1:]:
    port, _, path = word.partition(':')
    try:
        connection = http.client.HTTPConnection('127.0.0.1', int(port), timeout=3)
        connection.request('OPTIONS', path)
        print(connection.getresponse().status)
    except OSError:
        print(0)
