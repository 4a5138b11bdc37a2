"""wazo-sysconfd: FastAPI, on the server alone, for everybody there."""

import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from xivo import configuration, daemon, plugin_helpers

from .exceptions import HttpReqError

SPEC = daemon.Spec('wazo-sysconfd', 8668, '', 'root')


async def refuse(_, error):
    return JSONResponse({'message': error.message}, status_code=error.code)


class Status:
    def add_provider(self, provide):
        pass


def serve():
    config = configuration.read(SPEC.unit, {'enabled_plugins': {}})
    daemon.open_log(SPEC)
    api = FastAPI(exception_handlers={HttpReqError: refuse})
    given = {'api': api, 'config': config, 'status_aggregator': Status()}
    plugin_helpers.load('wazo_sysconfd.plugins', config['enabled_plugins'], given)
    uvicorn.run(api, host='127.0.0.1', port=SPEC.port, log_config=None)
