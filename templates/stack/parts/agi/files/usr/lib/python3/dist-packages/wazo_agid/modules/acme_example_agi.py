# SPDX-License-Identifier: # @= license @#
"""A handler of wazo-agid.

An exception while this file is imported would stop the service, and most calls.
"""

from typing import Any

from wazo_agid import agid


def acme_example(agi: Any, cursor: Any, args: list[str]) -> None:
    """Greet the caller, in a variable of the call.

    Called as agi://HOST/acme_example,CALLER.
    """
    caller = args[0] if args else agi.get_variable('CALLERID(num)')
    agi.set_variable('ACME_EXAMPLE', f'Hello {caller}')


agid.register(acme_example)
