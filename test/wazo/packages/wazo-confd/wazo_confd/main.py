from xivo import daemon, services


def serve():
    daemon.main(services.CONFD)
