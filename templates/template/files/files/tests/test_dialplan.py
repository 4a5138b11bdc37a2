# SPDX-License-Identifier: # @= license @#
"""The extension leads to a context that is there, and comes back."""

from pathlib import Path

TEXT = (
    Path(__file__).resolve().parent.parent
    / 'etc/asterisk/extensions_extra.d/acme-example.conf'
).read_text(encoding='utf-8')


def test_the_extension_enters_the_context_and_hangs_up():
    assert 'exten = ***47,1,Gosub(acme-example,s,1)\nsame = n,Hangup()\n' in TEXT


def test_the_context_returns():
    assert TEXT.split('[acme-example]\n')[1].rstrip().endswith('Return()')
