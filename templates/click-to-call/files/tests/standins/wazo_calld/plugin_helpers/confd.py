# SPDX-License-Identifier: # @= license @#
"""Users and their lines, as wazo-confd tells; a test puts its own in the place."""


class User:
    pass
