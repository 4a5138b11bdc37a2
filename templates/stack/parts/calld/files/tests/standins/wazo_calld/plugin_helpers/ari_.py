# SPDX-License-Identifier: # @= license @#
"""Channels, as ARI shows them."""

from ari.exceptions import ARINotFound


class Channel:
    def __init__(self, channel_id, ari):
        self.id = channel_id
        self._ari = ari

    def get_var(self, var):
        channels = self._ari.channels
        return channels.getChannelVar(channelId=self.id, variable=var)['value']

    def tenant_uuid(self):
        try:
            return self.get_var('WAZO_TENANT_UUID')
        except ARINotFound:
            return None


def set_channel_id_var_sync(ari, channel_id, var, value, bypass_stasis=False):
    assert bypass_stasis, 'most channels are in no Stasis application'
    ari.channels.setChannelVar(channelId=channel_id, variable=var, value=value)
