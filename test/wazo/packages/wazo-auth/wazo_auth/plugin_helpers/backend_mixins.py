class MetadataByPurposeMixin:
    """The metadata plugins of a user's purpose, as wazo-auth has them."""

    def get_metadata_plugins_by_login(self, login):
        return self._purposes.get('user').metadata_plugins
