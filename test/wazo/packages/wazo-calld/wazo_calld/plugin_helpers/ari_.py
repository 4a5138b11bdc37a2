"""Channels of Asterisk; there is none here."""

from ari.exceptions import ARINotFound


class Channel:
    def __init__(self, channel_id, ari):
        self.id = channel_id

    def tenant_uuid(self):
        return None

    def get_var(self, name):
        raise ARINotFound(name)


def set_channel_id_var_sync(ari, channel_id, var, value, bypass_stasis=False):
    raise ARINotFound(channel_id)
