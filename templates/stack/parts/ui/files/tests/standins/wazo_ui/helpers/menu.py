# SPDX-License-Identifier: # @= license @#
def menu_item(path, text, **options):
    def keep(function):
        function._menu_items = [{'path': path, 'text': text, **options}]
        return function

    return keep


def register_flaskview(blueprint, view):
    """Put the view into the menu; tests put their own in the place."""
