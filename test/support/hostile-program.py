"""What somebody's program may try on the machine that runs it: prints what it got, a line each.

Argument: a JSON object with the paths, the process and the sockets of the victim.
"""

import ctypes
import fcntl
import glob
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import termios

victim = json.loads(sys.argv[1])
libc = ctypes.CDLL(None, use_errno=True)


def read(path):
    with open(path, 'rb') as file:
        return file.read(1) != b''


def write(path):
    with open(path, 'ab') as file:
        file.write(b'x')
    return True


def remove(path):
    shutil.rmtree(path, ignore_errors=True)
    return False


def connect(family, address, kind=socket.SOCK_STREAM):
    with socket.socket(family, kind) as one:
        one.connect(address)
    return True


def reconnect(address):
    """A pair needs no name, and one of its ends can be given another peer."""
    one, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    one.connect(address)
    return True


def succeeds(*command):
    return subprocess.run(command, capture_output=True, timeout=20).returncode == 0


def call(number, *arguments):
    return libc.syscall(number, *arguments) != -1


def type_into(path):
    terminal = os.open(path, os.O_RDWR) if isinstance(path, str) else path
    fcntl.ioctl(terminal, termios.TIOCSTI, b'x')
    return True


def status(field):
    with open('/proc/self/status') as file:
        return next(line.split()[1] for line in file if line.startswith(field + ':'))


def mount():
    if libc.mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0:
        return True
    return succeeds('unshare', '--user', '--map-root-user', '--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt')


def fields():
    """Machine numbers of keyctl, add_key."""
    return (250, 248) if os.uname().machine == 'x86_64' else (219, 217)


ATTACKS = {
    'reads a secret of the home folder': lambda: read(victim['secret']),
    'lists the home folder': lambda: bool(os.listdir(os.path.dirname(victim['secret']))),
    'has a home with something in it': lambda: bool(os.listdir(os.environ['HOME'])),
    'reads another project': lambda: read(victim['project']),
    'writes to the home folder': lambda: write(victim['secret']),
    # a file of this name may be its own: the victim looks
    'writes beside its copy': lambda: write(victim['beside']) and False,
    'writes to /etc': lambda: write('/etc/wdev-canary'),
    'writes to /usr': lambda: write('/usr/wdev-canary'),
    'reads the passwords': lambda: read('/etc/shadow'),
    'reads the keys of root': lambda: bool(os.listdir('/root')),
    'finds a token in its environment': lambda: any('TOKEN' in name or 'SSH' in name for name in os.environ),
    'sees the process of somebody else': lambda: os.path.exists(f"/proc/{victim['pid']}/cmdline"),
    'signals somebody else': lambda: os.kill(victim['pid'], 10) is None,
    'traces somebody else': lambda: call(101 if os.uname().machine == 'x86_64' else 117, 16, victim['pid'], 0, 0),
    'speaks to a socket of the machine': lambda: connect(socket.AF_UNIX, victim['socket']),
    'speaks to a socket without a path': lambda: connect(socket.AF_UNIX, '\0' + victim['abstract']),
    'speaks to it by a pair of sockets': lambda: reconnect('\0' + victim['abstract'] + '-datagram'),
    'finds sockets of services': lambda: bool(glob.glob('/run/*') + glob.glob('/var/run/*')),
    'enters the name spaces of others': lambda: succeeds('nsenter', '-t', '1', '--all', 'true'),
    'mounts': mount,
    'makes a user name space': lambda: call(272 if os.uname().machine == 'x86_64' else 97, 0x10000000),
    'has capabilities': lambda: int(status('CapEff'), 16) + int(status('CapBnd'), 16) > 0,
    'may gain rights by a program': lambda: status('NoNewPrivs') != '1',
    'is root': lambda: 0 in (os.getuid(), os.geteuid()),
    'makes a device': lambda: os.mknod('device', 0o60666, os.makedev(254, 0)) is None,
    'sees the disk': lambda: bool(glob.glob('/dev/[svx]d*') + glob.glob('/dev/mem') + glob.glob('/dev/loop*')),
    'sets the kernel': lambda: write('/proc/sys/kernel/core_pattern'),
    'has the keys of a session': lambda: call(fields()[0], 0, -3, 1) or call(fields()[1], b'user', b'x', b'x', 1, -5),
    'opens the terminal': lambda: os.open('/dev/tty', os.O_RDWR) >= 0,
    'types into a terminal': lambda: any(attempt(lambda at=at: type_into(at)) for at in (0, 1, 2, '/dev/tty')),
    'sees a terminal': lambda: bool(glob.glob('/dev/pts/[0-9]*')),
    'asks the host of a virtual machine': lambda: socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM) is not None,
    'removes what lies beside its copy': lambda: os.remove(victim['beside']),
    'removes the home folder': lambda: remove(os.path.dirname(victim['secret'])),
}


def attempt(attack):
    try:
        return attack()
    except (OSError, struct.error, subprocess.SubprocessError):
        return False


for name, attack in ATTACKS.items():
    if attempt(attack):
        print(name)
