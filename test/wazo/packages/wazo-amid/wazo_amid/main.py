from types import SimpleNamespace

import asterisk_manager
from flask import request
from xivo import daemon, services
from xivo.auth_verifier import required_acl
from xivo.resources import AuthResource

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


class Actions(AuthResource):
    @required_acl('amid.action.{action}.create')
    def post(self, action):
        return [asterisk_manager.ask(action, request.get_json(force=True))]


class Amid(daemon.Service):
    def load(self):
        super().load()
        self.api.add_resource(Actions, '/action/<action>')


def serve():
    daemon.main(services.AMID, Amid, ajam_client=AjamClient())
