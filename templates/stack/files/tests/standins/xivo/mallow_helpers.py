# SPDX-License-Identifier: # @= license @#
class ListSchema:
    """Options of a listing: what may be searched and sorted."""
