# SPDX-License-Identifier: # @= license @#
class ARINotFound(Exception):
    pass
