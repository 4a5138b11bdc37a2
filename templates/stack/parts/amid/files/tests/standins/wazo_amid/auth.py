# SPDX-License-Identifier: # @= license @#
from xivo.auth_verifier import required_acl  # noqa: F401


def required_master_tenant():
    def mark(method):
        method.tenant_uuid = 'master'
        return method

    return mark
