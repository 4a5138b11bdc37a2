# SPDX-License-Identifier: # @= license @#
def find_all_by(**criteria):
    return []
