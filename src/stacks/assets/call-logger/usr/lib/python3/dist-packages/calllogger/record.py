"""The record of one call."""

from datetime import datetime, timezone


class CallDataRecord:
    """Made with the type of the call; every field is an attribute that is set afterwards."""

    INCOMING, RECEIVED, OUTGOING = 0, 1, 2
    RECEIVED_OTHER, OUTGOING_OTHER = 3, 4
    RECEIVED_FORWARDED, OUTGOING_FORWARDED = 5, 6
    RECEIVED_CONFERENCE, OUTGOING_CONFERENCE = 7, 8
    OUTGOING_VIA_FORWARDED = 9
    RECEIVED_TRANSFERRED_INT, OUTGOING_TRANSFERRED_INT = 35, 36
    RECEIVED_TRANSFERRED_EXT, OUTGOING_TRANSFERRED_EXT = 37, 38

    def __init__(self, call_type):
        self.call_type = call_type

    def __setattr__(self, name, value):
        object.__setattr__(self, name, value.strip() if isinstance(value, str) else value)

    def date_str(self, date, fmt, tz=timezone.utc):
        """Set the date from a text in the form of strptime."""
        self.date = datetime.strptime(date, fmt).replace(tzinfo=tz)

    def as_dict(self):
        return dict(vars(self))
