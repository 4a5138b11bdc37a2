# SPDX-License-Identifier: # @= license @#
"""Marks a method with the right that it asks for, as the real one does."""


def required_acl(acl):
    def mark(method):
        method.acl = acl
        return method

    return mark
