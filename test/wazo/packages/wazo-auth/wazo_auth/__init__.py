"""What plugins of wazo-auth build upon."""


class BaseAuthenticationBackend:
    def load(self, dependencies):
        pass

    def verify_password(self, login, password, args):
        raise NotImplementedError


class BaseMetadata:
    def load(self, dependencies):
        pass

    def get_token_metadata(self, login, args):
        return {}
