# SPDX-License-Identifier: # @= license @#
class ServiceDNDSchema:
    types = ['dnd']
