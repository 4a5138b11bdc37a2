from xivo.auth_verifier import required_acl as required_acl
