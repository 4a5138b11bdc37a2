# SPDX-License-Identifier: # @= license @#
"""The greeting, read as Asterisk would: sections, extensions, priorities."""

import re
from pathlib import Path
from typing import Any

import pytest

FILE = (
    Path(__file__).resolve().parent.parent
    / 'etc/asterisk/extensions_extra.d/acme-example-hello.conf'
)


@pytest.fixture
def dialplan():
    """Return {context: {extension: [application(arguments), ...]}}."""
    contexts: dict[str, Any] = {}
    for line in FILE.read_text(encoding='utf-8').splitlines():
        if section := re.fullmatch(r'\[([^\]]+)\]', line):
            steps = contexts.setdefault(section[1], {})
        elif first := re.fullmatch(r'exten = ([^,]+),1,(.+)', line):
            extension = steps[first[1]] = [first[2]]
        elif following := re.fullmatch(r'same = n,(.+)', line):
            extension.append(following[1])
    return contexts


def test_the_extension_enters_the_greeting_and_hangs_up(dialplan):
    assert dialplan['xivo-extrafeatures'] == {
        '***41': ['Gosub(acme-example-hello,s,1)', 'Hangup()']
    }


def test_the_greeting_answers_first_and_returns_last(dialplan):
    greeting = dialplan['acme-example-hello']['s']
    assert greeting[0].startswith('Answer(')
    assert greeting[-1] == 'Return()'


def test_the_caller_hears_the_own_voice(dialplan):
    assert 'Echo()' in dialplan['acme-example-hello']['s']


def test_a_caller_without_a_number_is_not_read_one(dialplan):
    steps = dialplan['acme-example-hello']['s']
    (step,) = (step for step in steps if 'SayDigits' in step)
    assert step.startswith('ExecIf($["${CALLERID(num)}" != ""]')
