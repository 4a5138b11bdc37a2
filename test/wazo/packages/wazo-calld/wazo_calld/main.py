from types import SimpleNamespace

from xivo import daemon, services

from .plugin_helpers.ari_ import CALL


class Channels:
    def list(self):
        return [SimpleNamespace(id=CALL)]

    def originate(self, **_):
        return SimpleNamespace(id='1700000000.2')


def serve():
    client = SimpleNamespace(channels=Channels(), variables={})
    daemon.main(services.CALLD, ari=SimpleNamespace(client=client))
