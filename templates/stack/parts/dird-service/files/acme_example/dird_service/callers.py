# SPDX-License-Identifier: # @= license @#
"""Finds who calls, by the services that wazo-dird has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wazo_dird.exception import NoSuchProfile, NoSuchProfileAPIException

from .numbers import Numbering

if TYPE_CHECKING:
    from wazo_dird.controller import Controller


class CallerService:
    def __init__(self, controller: Controller, numbering: Numbering) -> None:
        # not its services: those of other plugins are there after this is loaded
        self._controller = controller
        self._numbering = numbering

    def find(
        self,
        tenant_uuid: str,
        profile: str,
        number: str,
        user_uuid: str | None = None,
        token: str | None = None,
    ) -> dict[str, Any]:
        """Return the number, and the name of the first contact that has it."""
        services = self._controller.services
        try:
            config = services['profile'].get_by_name(tenant_uuid, profile)
        except NoSuchProfile as error:
            # 404, in the form of all errors of the API
            raise NoSuchProfileAPIException(error.profile) from None
        ways = self._numbering.ways(number)
        contacts = services['reverse'].reverse_many(
            config, ways, profile, user_uuid=user_uuid, token=token
        )
        names = [contact.fields.get('reverse') for contact in contacts if contact]
        return {'number': ways[0], 'name': names[0] if names else None}
