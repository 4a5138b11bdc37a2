# SPDX-License-Identifier: # @= license @#
"""Puts the plugin into the installed quartx_call_logger, and takes it out again.

The call logger knows only the plugins of its own package, so an upgrade of that package
removes them: install again after one.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import tempfile
from pathlib import Path

PLUGIN = Path(__file__).resolve().parent / 'plugin'
MODULE = 'acme_example.py'
BEGIN = '# >>> acme-example'
END = '# <<< acme-example'
NO_NEWLINE = ' (the line before had no end)'


class InstallError(Exception):
    """Nothing was changed; the text says why."""


def find_package() -> Path:
    """Return the folder of the installed call logger, without importing it."""
    spec = importlib.util.find_spec('quartx_call_logger')
    if spec is None or not spec.submodule_search_locations:
        raise InstallError('quartx_call_logger is not installed for this Python')
    return Path(spec.submodule_search_locations[0])


def install(package: Path, settings: Path) -> None:
    """Put module and settings in place; again after a change or an upgrade."""
    check(package, settings)
    block = (PLUGIN / 'settings.yml').read_text(encoding='utf-8')
    merged = merge(read(settings), block)
    write(package / 'plugins' / MODULE, (PLUGIN / MODULE).read_text(encoding='utf-8'))
    write(settings, merged)


def uninstall(package: Path, settings: Path) -> None:
    """Take module and settings out; the rest of the settings stays byte for byte."""
    check(package, settings)
    text = read(settings)
    left = without(text)
    (package / 'plugins' / MODULE).unlink(missing_ok=True)
    if left != text:
        write(settings, left)


def is_installed(package: Path, settings: Path) -> bool:
    """Say whether this very plugin and its settings are in place."""
    check(package, settings)
    module = package / 'plugins' / MODULE
    if not module.is_file() or module.read_bytes() != (PLUGIN / MODULE).read_bytes():
        return False
    text = read(settings)
    return without(text) != text


def merge(text: str, block: str) -> str:
    """Return the settings with the block at their end, in place of an earlier one."""
    text = without(text)
    key = block.split(':', 1)[0]
    if re.search(rf'^{re.escape(key)}\s*:', text, re.MULTILINE):
        raise InstallError(
            f'there are settings for {key} already, and not from this plugin'
        )
    complete = text == '' or text.endswith('\n')
    begin = BEGIN + ('' if complete else NO_NEWLINE)
    return text + ('' if complete else '\n') + f'{begin}\n{block}{END}\n'


def without(text: str) -> str:
    """Return the settings as they were before the block was merged into them."""
    text = re.sub(
        rf'\n{re.escape(BEGIN + NO_NEWLINE)}\n.*?^{END}\n',
        '',
        text,
        flags=re.MULTILINE | re.DOTALL,
    )
    return re.sub(rf'^{BEGIN}\n.*?^{END}\n', '', text, flags=re.MULTILINE | re.DOTALL)


def check(package: Path, settings: Path) -> None:
    if not (package / 'plugins').is_dir():
        raise InstallError(
            f'{package} has no plugins folder: no call logger of the first generation'
        )
    if not settings.is_file():
        raise InstallError(f'there is no file {settings}')


def read(path: Path) -> str:
    with open(path, encoding='utf-8', newline='') as file:
        return file.read()


def write(path: Path, text: str) -> None:
    """Replace a file at once, with the mode of the one before."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix='.new-')
    try:
        with open(handle, 'w', encoding='utf-8', newline='') as file:
            file.write(text)
        if path.exists():
            shutil.copymode(path, temporary)
        else:
            os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
