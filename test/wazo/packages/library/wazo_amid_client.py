import requests

# what the users of wazo-calld and wazo-phoned may ask (wazo-auth-keys, config.yml)
RIGHTS = frozenset({'Command', 'Originate', 'PJSIPNotify', 'Redirect', 'Setvar', 'ShowDialplan'})


class Client:
    def __init__(self, host, **_):
        pass

    def set_token(self, token):
        pass

    def action(self, name, params=None):
        if name not in RIGHTS:
            raise requests.HTTPError(f'401: amid.action.{name}.create is not allowed')
        return []

    def command(self, text):
        return {'response': []}
