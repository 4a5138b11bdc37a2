from xivo.auth_verifier import required_acl

__all__ = ['required_acl', 'required_master_tenant']


def required_master_tenant():
    """There is one tenant here."""
    return lambda method: method
