# SPDX-License-Identifier: # @= license @#
"""Numbers as people and web pages write them."""

import re

# what people put between digits; anything else could be meant for the dialplan
WRITTEN = re.compile(r'(?:tel:)?(\s*\+)?([0-9*#\s().\-/\u00a0]+)')


class NumberReader:
    def __init__(self, international_prefix: str, max_digits: int) -> None:
        self._prefix = str(international_prefix)
        self._max_digits = int(max_digits)

    def read(self, written: object) -> str:
        """Return what is to be dialled; raise ValueError for what is no number."""
        # 4.2 of JSON would lose its dot
        match = WRITTEN.fullmatch(written.strip()) if isinstance(written, str) else None
        if match is None:
            raise ValueError('not a number')
        digits = re.sub(r'[^0-9*#]', '', match[2])
        if not digits:
            raise ValueError('no digits')
        number = self._prefix + digits if match[1] else digits
        if len(number) > self._max_digits:
            raise ValueError(f'more than {self._max_digits} digits')
        return number
