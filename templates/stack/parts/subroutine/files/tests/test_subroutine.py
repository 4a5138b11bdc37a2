# SPDX-License-Identifier: # @= license @#
"""The subroutine can be entered, and comes back."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / 'etc' / 'asterisk' / 'extensions_extra.d'


def steps(context):
    text = '\n'.join(
        file.read_text(encoding='utf-8') for file in sorted(FOLDER.iterdir())
    )
    section = re.search(
        rf'^\[{re.escape(context)}\]\n(.*?)(?=^\[|\Z)', text, re.MULTILINE | re.DOTALL
    )
    assert section, f'there is no context {context}'
    return [
        line.strip() for line in section[1].splitlines() if re.match('exten|same', line)
    ]


# @_ if (isHookObject) { _@#
@pytest.mark.parametrize('context', ['acme-example-subroutine'])
# @_ } else { _@#
@pytest.mark.parametrize('context', ['xivo-subrgbl-sample', 'acme-example-subroutine'])
# @_ } _@#
def test_calls_enter_at_s_and_return(context):
    assert re.match(r'exten\s*=>?\s*s,1,', steps(context)[0])
    assert steps(context)[-1].endswith('Return()')
