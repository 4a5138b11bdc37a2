# SPDX-License-Identifier: # @= license @#
from xivo.auth_verifier import required_acl  # noqa: F401
