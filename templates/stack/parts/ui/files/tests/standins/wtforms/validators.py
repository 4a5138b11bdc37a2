# SPDX-License-Identifier: # @= license @#
import re


class InputRequired:
    pass


class Length:
    def __init__(self, max):
        self.max = max


class Regexp:
    def __init__(self, regex):
        self.regex = re.compile(regex)
