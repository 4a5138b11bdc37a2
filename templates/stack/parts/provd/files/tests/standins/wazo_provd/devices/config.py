# SPDX-License-Identifier: # @= license @#
class RawConfigError(Exception):
    pass
