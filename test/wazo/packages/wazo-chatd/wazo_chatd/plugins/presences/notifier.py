class PresenceNotifier:
    def __init__(self, bus):
        self._bus = bus

    def updated(self, user):
        self._bus.publish(user)
