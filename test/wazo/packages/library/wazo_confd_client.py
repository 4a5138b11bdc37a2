class Client:
    def __init__(self, host, **_):
        pass

    def set_token(self, token):
        pass
