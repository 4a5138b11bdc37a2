# SPDX-License-Identifier: # @= license @#
"""The message of the day, in a file that only root may write."""

import os
import tempfile
from pathlib import Path
from typing import Any

from xivo.status import Status


class Motd:
    def __init__(self, path: str) -> None:
        self._path = Path(path)

    def read(self) -> str:
        if not self._path.exists():
            return ''
        return self._path.read_text(encoding='utf-8').rstrip('\n')

    def write(self, text: str) -> None:
        # readers see the old text or the new one, and never half of one
        folder = self._path.parent
        with tempfile.NamedTemporaryFile('w', dir=folder, delete=False) as file:
            file.write(f'{text}\n')
        os.chmod(file.name, 0o644)
        os.replace(file.name, self._path)

    def provide_status(self, status: dict[str, dict[str, Any]]) -> None:
        """Say in GET /status whether the folder of the file is there."""
        ok = self._path.parent.is_dir()
        status['acme_example']['status'] = Status.ok if ok else Status.fail
