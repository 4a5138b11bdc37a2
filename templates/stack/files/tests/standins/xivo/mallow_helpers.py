# SPDX-License-Identifier: # @= license @#
import marshmallow


class Schema(marshmallow.Schema):
    def load(self, data):
        return super().load(data or {})


class ListSchema:
    """Options of a listing: what may be searched and sorted."""
