class Tenant:
    uuid: str
    @classmethod
    def autodetect(cls, many: bool = ...) -> Tenant: ...

class Token:
    uuid: str
    user_uuid: str | None

class User:
    uuid: str | None

token: Token
user: User
