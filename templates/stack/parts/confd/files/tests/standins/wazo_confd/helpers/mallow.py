# SPDX-License-Identifier: # @= license @#
from xivo.mallow_helpers import Schema as BaseSchema  # noqa: F401
