# SPDX-License-Identifier: # @= license @#
"""The dialplan is consistent. Asterisk loads one that is not, and says nothing."""

import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted((ROOT / 'etc' / 'asterisk' / 'extensions_extra.d').iterdir())


def read_dialplan(text, contexts):
    """Add to {context: {extension: [(priority, application, arguments)]}}."""
    context, extension = None, None
    for number, line in enumerate(text.splitlines(), start=1):
        line = re.sub(r'(?<!\\);.*', '', line).strip()
        if not line:
            continue
        header = re.fullmatch(r'\[([\w-]+)\]', line)
        if header:
            context = contexts.setdefault(header[1], {})
            continue
        entry = re.fullmatch(r'(exten|same)\s*=>?\s*(.+)', line)
        assert entry, f'line {number} is no extension: {line}'
        assert context is not None, f'line {number} stands in no context: {line}'
        fields = entry[2]
        if entry[1] == 'exten':
            extension, fields = (part.strip() for part in fields.split(',', 1))
        priority, application = (part.strip() for part in fields.split(',', 1))
        step = re.fullmatch(r'(\w+)(?:\((.*)\))?', application)
        assert step, f'line {number} has no application: {line}'
        context.setdefault(extension, []).append((priority, step[1], step[2] or ''))


@pytest.fixture
def dialplan():
    contexts: dict[str, Any] = {}
    for file in FILES:
        read_dialplan(file.read_text(encoding='utf-8'), contexts)
    return contexts


def test_extension_is_there(dialplan):
    assert '***42' in dialplan['xivo-extrafeatures']


def test_every_extension_begins_at_priority_1(dialplan):
    for extensions in dialplan.values():
        for steps in extensions.values():
            assert steps[0][0] == '1'


def test_what_is_dialled_ends_with_hangup(dialplan):
    for steps in dialplan['xivo-extrafeatures'].values():
        assert steps[-1][1] == 'Hangup'


def test_every_gosub_has_a_target_that_returns(dialplan):
    for extensions in dialplan.values():
        for steps in extensions.values():
            for _, application, arguments in steps:
                if application == 'Gosub':
                    context, extension, _ = arguments.split(',')
                    assert dialplan[context][extension][-1][1] == 'Return'
