# SPDX-License-Identifier: # @= license @#
"""The message of the day, in a file that only root may write."""

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
        with tempfile.TemporaryDirectory(dir=self._path.parent) as folder:
            file = Path(folder, self._path.name)
            file.write_text(f'{text}\n', encoding='utf-8')
            file.chmod(0o644)
            file.replace(self._path)

    def provide_status(self, status: dict[str, dict[str, Any]]) -> None:
        """Say in GET /status whether the folder of the file is there."""
        ok = self._path.parent.is_dir()
        status['acme_example']['status'] = Status.ok if ok else Status.fail
