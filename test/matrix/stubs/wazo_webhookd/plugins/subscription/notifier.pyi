from wazo_webhookd.bus import BusPublisher

class SubscriptionNotifier:
    def __init__(self, bus_publisher: BusPublisher) -> None: ...
