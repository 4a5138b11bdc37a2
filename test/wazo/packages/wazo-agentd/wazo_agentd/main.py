from xivo import daemon, services


class Agents:
    """One agent, who is logged in."""

    def __init__(self):
        self._agent = {'number': '1001', 'logged': True, 'paused': False, 'paused_reason': ''}

    def get_agent_statuses(self, tenant_uuids=None):
        return [self._agent]

    def pause_agent_by_number(self, number, reason, tenant_uuids=None):
        self._agent.update(paused=True, paused_reason=reason)


def serve():
    daemon.main(services.AGENTD, service_proxy=Agents())
