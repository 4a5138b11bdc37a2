# SPDX-License-Identifier: # @= license @#
"""Reads what Asterisk writes: lines of a name and a value, an empty one after each message."""


def parse_buffer(raw_buffer, event_callback, response_callback):
    for text in raw_buffer.decode().split('\r\n\r\n')[:-1]:
        message = dict(line.split(': ', 1) for line in text.split('\r\n'))
        (kind, first), *_ = message.items()
        callback = event_callback if kind == 'Event' else response_callback
        callback(first, message.get('ActionID'), message)
