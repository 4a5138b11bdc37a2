# SPDX-License-Identifier: # @= license @#
"""Routes that wazo-sysconfd serves; FastAPI writes their documentation itself."""

from fastapi import APIRouter
from pydantic import BaseModel, Field
from wazo_sysconfd.exceptions import HttpReqError

from .motd import Motd


class Message(BaseModel):
    text: str = Field(max_length=2000)


def router_of(motd: Motd) -> APIRouter:
    router = APIRouter(tags=['acme_example'])

    @router.get('/acme/example/motd')
    def get_motd() -> dict[str, str]:
        try:
            return {'text': motd.read()}
        except (OSError, ValueError) as error:
            # the form of all errors of wazo-sysconfd
            raise HttpReqError(500, f'cannot be read: {error}') from error

    # FastAPI answers 422 to what is no Message
    @router.post('/acme/example/motd', status_code=201)
    def set_motd(message: Message) -> dict[str, str]:
        if not message.text.isprintable():
            raise HttpReqError(400, 'text: one line, of characters that can be seen')
        try:
            motd.write(message.text)
        except OSError as error:
            raise HttpReqError(500, f'cannot be written: {error}') from error
        return {'text': message.text}

    return router
