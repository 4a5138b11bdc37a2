class ConnectorError(Exception):
    pass


class ConnectorSendError(ConnectorError):
    pass
