"""Users, of whom there is none here."""


class UserCallServiceService:
    def edit(self, user, schema):
        raise LookupError(user)


def build_service_callservice():
    return UserCallServiceService()
