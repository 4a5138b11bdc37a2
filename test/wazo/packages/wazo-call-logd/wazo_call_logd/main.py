from types import SimpleNamespace

from xivo import daemon, services


class CallLog:
    """As many calls in every period."""

    def count_in_period(self, params):
        return {'total': 49, 'filtered': 12}


def serve():
    daemon.main(services.CALL_LOGD, dao=SimpleNamespace(call_log=CallLog()))
