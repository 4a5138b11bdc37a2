# SPDX-License-Identifier: # @= license @#
class TenantEvent:
    """An event for all users of a tenant."""

    def __init__(self, content, tenant_uuid):
        self.content = content
        self.tenant_uuid = tenant_uuid
