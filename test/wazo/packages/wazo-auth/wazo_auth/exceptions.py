class InvalidUsernamePassword(Exception):
    def __init__(self, login):
        super().__init__(f'Invalid username and/or password for {login}')
