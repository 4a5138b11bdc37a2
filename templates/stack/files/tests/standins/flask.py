# SPDX-License-Identifier: # @= license @#
"""The request that is served; tests put theirs in its place."""

request = None
