"""wazo-confgend, as far as others wait for it: it generates nothing."""

import socketserver


def serve():
    socketserver.ThreadingTCPServer.allow_reuse_address = True
    socketserver.ThreadingTCPServer(('127.0.0.1', 8669), socketserver.BaseRequestHandler).serve_forever()
