from xivo.tenant_flask_helpers import Tenant

__all__ = ['Tenant']
