# SPDX-License-Identifier: # @= license @#
class ConnectorSendError(Exception):
    pass
