# SPDX-License-Identifier: # @= license @#
class BaseForm:
    pass
