"""What plugins of wazo-auth build upon."""


class BaseAuthenticationBackend:
    def load(self, dependencies):
        pass

    def verify_password(self, login, password, args):
        raise NotImplementedError

    def get_metadata(self, login, args):
        return {}

    def get_persistent_metadata(self, login, args):
        return {}


class BaseMetadata:
    def load(self, dependencies):
        self._user_service = dependencies['user_service']

    def get_token_metadata(self, login, args):
        return {}

    def get_persistent_metadata(self, login, args):
        return {}


class BaseEmailNotification:
    def send_confirmation(self, context):
        raise NotImplementedError

    def send_password_reset(self, context):
        raise NotImplementedError
