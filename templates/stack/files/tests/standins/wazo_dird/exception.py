# SPDX-License-Identifier: # @= license @#
class NoSuchProfile(Exception):
    def __init__(self, profile):
        super().__init__(profile)
        self.profile = profile


class NoSuchProfileAPIException(Exception):
    status_code = 404
