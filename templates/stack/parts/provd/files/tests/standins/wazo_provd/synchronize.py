# SPDX-License-Identifier: # @= license @#
from twisted.internet import defer


def standard_sip_synchronize(device, event='check-sync', extra_vars=None):
    """Send a NOTIFY to the phone; here nobody hears it."""
    return defer.succeed(None)
