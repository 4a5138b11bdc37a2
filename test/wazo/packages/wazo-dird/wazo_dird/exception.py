from xivo.rest_api_helpers import APIException


class NoSuchProfile(ValueError):
    def __init__(self, profile):
        super().__init__(f'No such profile {profile}')
        self.profile = profile


class NoSuchProfileAPIException(APIException):
    def __init__(self, profile):
        super().__init__(404, f'No such profile: {profile}', 'unknown-profile', {'profile': profile}, 'profiles')
