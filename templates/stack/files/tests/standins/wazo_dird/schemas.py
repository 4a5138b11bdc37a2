# SPDX-License-Identifier: # @= license @#
class BaseSourceSchema:
    def __init__(self, many=False):
        self.many = many
