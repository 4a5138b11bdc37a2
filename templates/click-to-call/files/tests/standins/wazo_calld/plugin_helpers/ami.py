# SPDX-License-Identifier: # @= license @#
"""Questions to wazo-amid; a test answers them."""


def extension_exists(amid, context, exten, priority=1):
    return False
