class Client:
    def __init__(self, host, **_):
        pass

    def set_token(self, token):
        pass

    def action(self, name, params=None):
        return []

    def command(self, text):
        return {'response': []}
