# SPDX-License-Identifier: # @= license @#
class Status:
    ok = 'ok'
    fail = 'fail'
