# SPDX-License-Identifier: # @= license @#
def lazy_gettext(text):
    return text
