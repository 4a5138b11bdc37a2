# SPDX-License-Identifier: # @= license @#
