class SubscriptionNotifier:
    def __init__(self, bus_publisher):
        self._bus = bus_publisher
