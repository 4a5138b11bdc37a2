"""Loads the enabled plugins of an entry point group, by stevedore, and logs what Wazo's services log."""

import functools
import logging

from stevedore.named import NamedExtensionManager

logger = logging.getLogger(__name__)


def load(namespace, names, dependencies):
    manager = find(namespace, names, invoke_on_load=True)
    if manager is not None:
        # raises NoMatches when none is left, which ends the service
        manager.map(load_one, dependencies)
    return manager


def find(namespace, names, **options):
    enabled = [name for name, value in names.items() if value]
    logger.debug('Enabled plugins: %s', enabled)
    if not enabled:
        logger.info('no enabled plugins')
        return None
    return NamedExtensionManager(
        namespace,
        enabled,
        name_order=True,
        on_load_failure_callback=load_failed,
        on_missing_entrypoints_callback=functools.partial(entry_points_missing, namespace),
        **options,
    )


def load_failed(manager, entry_point, error):
    logger.exception('Error in plugin namespace "%s" when loading module: "%s"', manager.namespace, entry_point)


def entry_points_missing(namespace, missing):
    logger.error('Error in plugin namespace "%s": the entrypoint is missing for plugins: %s', namespace, missing)


def load_one(extension, dependencies):
    logger.debug('Loading dynamic plugin: %s', extension.name)
    # wazo-dird hands on what its services return
    extension.returned = extension.obj.load(dependencies)
