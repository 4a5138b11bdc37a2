# SPDX-License-Identifier: # @= license @#
"""A handler of wazo-agid.

An exception while this file is imported would stop the service, and most calls.
"""

import logging
import re
from typing import Any

from wazo_agid import agid

logger = logging.getLogger(__name__)

# how many digits at the end must agree: 0612345678 and +33612345678 are one number
DIGITS = 9

QUERY = """
SELECT firstname, lastname
FROM userfeatures
WHERE tenant_uuid = %s
  AND mobilephonenumber <> ''
  AND regexp_replace(mobilephonenumber, '[^0-9]', '', 'g') LIKE %s
ORDER BY id
LIMIT 1
"""


def acme_example_lookup(agi: Any, cursor: Any, args: list[str]) -> None:
    """Name the caller.

    Called as agi://HOST/acme_example_lookup,CALLER.
    """
    try:
        number = re.sub('[^0-9]', '', args[0] if args else '')
        if len(number) < DIGITS:
            return  # an internal call, or a caller who hides
        tenant = agi.get_variable('WAZO_TENANT_UUID')
        cursor.execute(QUERY, (tenant, f'%{number[-DIGITS:]}'))
        user = cursor.fetchone()
        if user is not None:
            agi.set_variable('CALLERID(name)', name_of(user))
    except Exception:
        # one that leaves a handler would end the call: one without a name is better
        logger.exception('acme_example_lookup')


def name_of(user: dict[str, str]) -> str:
    name = f"{user['firstname']} {user['lastname'] or ''}"
    return re.sub(r'[\s"]+', ' ', name).strip()


agid.register(acme_example_lookup)
