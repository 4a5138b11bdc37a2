from flask_restful import Resource
from xivo.auth_verifier import required_acl as required_acl

class AuthResource(Resource): ...
