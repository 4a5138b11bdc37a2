# SPDX-License-Identifier: # @= license @#
"""Names of numbers, by the services of wazo-dird that other plugins have loaded."""

from typing import Any

from wazo_dird.exception import NoSuchProfile, NoSuchProfileAPIException
from xivo.status import Status

NEEDED = ('profile', 'reverse')


class Names:
    def __init__(self, services: dict[str, Any], profile: str) -> None:
        self._services = services
        self._profile = profile

    def find(
        self, tenant_uuid: str, numbers: list[str], user_uuid: str | None, token: str
    ) -> dict[str, str | None]:
        """Return {number: the name of its first contact}, null where there is none."""
        try:
            profile = self._services['profile'].get_by_name(tenant_uuid, self._profile)
        except NoSuchProfile as error:
            # 404, in the form of all errors of the API
            raise NoSuchProfileAPIException(error.profile) from None
        found = self._services['reverse'].reverse_many(
            profile, numbers, self._profile, user_uuid=user_uuid, token=token
        )
        names = [contact and contact.fields.get('reverse') for contact in found]
        return dict(zip(numbers, names, strict=True))

    def provide_status(self, status: dict[str, dict[str, Any]]) -> None:
        """Say in GET /status whether wazo-dird has what this needs."""
        ok = self._services.keys() >= set(NEEDED)
        status['acme_example']['status'] = Status.ok if ok else Status.fail
