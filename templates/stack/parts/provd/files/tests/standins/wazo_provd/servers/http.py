# SPDX-License-Identifier: # @= license @#
class HTTPNoListingFileService:
    """Serves the files of a folder."""

    def __init__(self, path):
        self.path = path
