"""Asterisk's manager interface, where Asterisk runs beside the services."""

import socket

from xivo.rest_api_helpers import APIException

PLACE = ('127.0.0.1', 5038)
LOGIN = {'Username': 'wazo_amid', 'Secret': 'stand-in', 'Events': 'off'}


def ask(action, fields):
    """The message that answers an action; what a key says several times stands in lines."""
    try:
        with socket.create_connection(PLACE, 10) as connection, connection.makefile('rwb') as stream:
            # its name and version
            stream.readline()
            exchange(stream, 'Login', LOGIN)
            return exchange(stream, action, fields)
    except OSError as error:
        raise APIException(503, f'Asterisk does not answer: {error}', 'asterisk-unreachable') from None


def exchange(stream, action, fields):
    lines = [f'{key}: {value}\r\n' for key, value in {'Action': action, **fields}.items()]
    stream.write(''.join([*lines, '\r\n']).encode())
    stream.flush()
    told = {}
    while line := stream.readline().decode().strip():
        key, _, value = line.partition(': ')
        told[key] = f'{told[key]}\n{value}' if key in told else value
    return told


def originate(channel, application='Wait', data='2'):
    """Calls a channel, which runs an application once it is answered; nobody waits for that."""
    fields = {'Channel': channel, 'Application': application, 'Data': data, 'Async': 'true'}
    return ask('Originate', fields)


def has_extension(number, context):
    return number in ask('Command', {'Command': f'dialplan show {number}@{context}'}).get('Output', '').split("'")
