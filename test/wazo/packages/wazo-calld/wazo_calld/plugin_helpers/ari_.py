"""Channels of Asterisk: one, of the tenant of whoever asks."""

from ari.exceptions import ARINotFound
from xivo.tenant_flask_helpers import Tenant

CALL = '1700000000.1'


class Channel:
    def __init__(self, channel_id, ari):
        self.id, self._ari = channel_id, ari

    def tenant_uuid(self):
        return Tenant.autodetect().uuid if self.id == CALL else None

    def get_var(self, name):
        if name not in self._ari.variables:
            raise ARINotFound(name)
        return self._ari.variables[name]


def set_channel_id_var_sync(ari, channel_id, var, value, bypass_stasis=False):
    if channel_id != CALL:
        raise ARINotFound(channel_id)
    ari.variables[var] = value
