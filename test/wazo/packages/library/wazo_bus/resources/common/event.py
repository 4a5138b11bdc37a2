"""Events of the bus. Nobody listens to them here."""


class ServiceEvent:
    def __init__(self, content=None):
        self.content = content or {}


class TenantEvent(ServiceEvent):
    def __init__(self, content, tenant_uuid):
        super().__init__(content)
        if tenant_uuid is None:
            raise ValueError('tenant_uuid must have a value')
        self.tenant_uuid = str(tenant_uuid)


class UserEvent(TenantEvent):
    def __init__(self, content, tenant_uuid, user_uuid):
        super().__init__(content, tenant_uuid)
        self.user_uuid = user_uuid and str(user_uuid)
