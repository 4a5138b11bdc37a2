# SPDX-License-Identifier: # @= license @#
"""Calls a user's phone, and connects it to a number."""

from wazo_calld.plugin_helpers.confd import User

RING_SECONDS = 30


class ClickService:
    def __init__(self, ari, confd_client):
        self._ari = ari
        self._confd = confd_client

    def click(self, tenant_uuid, user_uuid, number):
        """Return the id of the call to the user's main line; it dials the number once it is answered."""
        line = User(user_uuid, self._confd, tenant_uuid=tenant_uuid).main_line()
        variables = {
            # whose call it is: for rights, statistics and the call log
            'WAZO_USERUUID': user_uuid,
            '_WAZO_TENANT_UUID': tenant_uuid,
            'WAZO_CHANNEL_DIRECTION': 'to-wazo',
            # what the ringing phone shows; the outgoing call gets the user's own caller id back
            'XIVO_FIX_CALLERID': '1',
            'CALLERID(name)': number,
            'CALLERID(num)': number,
            'CONNECTEDLINE(name)': number,
            'CONNECTEDLINE(num)': '' if number.startswith('#') else number,
        }
        channel = self._ari.client.channels.originate(
            endpoint=line.interface(),
            # the line's own context decides what the user may call
            context=line.context(),
            extension=number,
            priority=1,
            timeout=RING_SECONDS,
            variables={'variables': variables},
        )
        return channel.id
