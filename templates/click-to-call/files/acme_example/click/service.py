# SPDX-License-Identifier: # @= license @#
"""Calls a user's phone, and connects it to a number."""

from typing import Any

from wazo_calld.plugin_helpers import ami
from wazo_calld.plugin_helpers.confd import User
from xivo.rest_api_helpers import APIException

RING_SECONDS = 30


class ClickService:
    def __init__(self, ari: Any, amid_client: Any, confd_client: Any) -> None:
        self._ari = ari
        self._amid = amid_client
        self._confd = confd_client

    def click(self, tenant_uuid: str, user_uuid: str | None, number: str) -> str:
        """Return the id of the call to the user's main line, which dials once answered.

        It refuses what Wazo's own route for calls does, so that no phone rings in vain.
        """
        line = User(user_uuid, self._confd, tenant_uuid=tenant_uuid).main_line()
        # the line's own context decides what the user may call
        context = line.context()
        if not ami.extension_exists(self._amid, context, number):
            raise refused('invalid-extension', f'{number} cannot be called')
        if line.protocol() == 'sip' and not line.is_online(self._ari.client):
            raise refused('call-origin-unavailable', 'the phone is not online')
        variables = {
            # whose call it is: for rights, statistics and the call log
            'WAZO_USERUUID': user_uuid,
            '_WAZO_TENANT_UUID': tenant_uuid,
            'WAZO_CHANNEL_DIRECTION': 'to-wazo',
            # what the ringing phone shows; the outgoing call has the user's caller id
            'XIVO_FIX_CALLERID': '1',
            'CALLERID(name)': number,
            'CALLERID(num)': number,
            'CONNECTEDLINE(name)': number,
            'CONNECTEDLINE(num)': '' if number.startswith('#') else number,
        }
        channel = self._ari.client.channels.originate(
            endpoint=line.interface(),
            context=context,
            extension=number,
            priority=1,
            timeout=RING_SECONDS,
            variables={'variables': variables},
        )
        return channel.id


def refused(error_id: str, message: str) -> APIException:
    return APIException(400, message, error_id, {}, 'acme_example_clicks')
