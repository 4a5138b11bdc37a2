# SPDX-License-Identifier: # @= license @#
class UserCallServiceService:
    """Edits users; tests put their own in the place."""


def build_service_callservice():
    return UserCallServiceService()
