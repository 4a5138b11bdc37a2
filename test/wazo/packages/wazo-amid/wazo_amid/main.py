from types import SimpleNamespace

from xivo import daemon, services

MESSAGE = b'Response: Success\r\n%s\r\n\r\n'


class AjamClient:
    """Asterisk's manager interface over HTTP: global variables, which it keeps."""

    url = 'http://localhost:5039/rawman'

    def __init__(self):
        self._variables = {}

    def get(self, action, params):
        name, value = params['Variable'], params.get('Value')
        if action == 'Setvar':
            self._variables[name] = value
            told = b'Message: Variable Set'
        else:
            told = f'Variable: {name}\r\nValue: {self._variables.get(name, "")}'.encode()
        # logging in is answered first
        return SimpleNamespace(content=MESSAGE % b'Message: Authentication accepted' + MESSAGE % told)


def serve():
    daemon.main(services.AMID, ajam_client=AjamClient())
