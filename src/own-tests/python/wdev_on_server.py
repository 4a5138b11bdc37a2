"""Runs a shell command on the server that is tested, as `ssh SERVER COMMAND` would: wdev has a shell there.

It leaves the command in one folder and waits until the answer is in another: WDEV_ASKED and WDEV_ANSWERED.
"""

import json
import os
import sys
import time
import uuid

name = uuid.uuid4().hex
question = os.path.join(os.environ['WDEV_ASKED'], name)
answer = os.path.join(os.environ['WDEV_ANSWERED'], name)
with open(question + '.new', 'w', encoding='utf-8') as stream:
    stream.write(' '.join(sys.argv[1:]))
os.rename(question + '.new', question + '.command')
while not os.path.exists(answer):
    time.sleep(0.005)
with open(answer, encoding='utf-8') as stream:
    told = json.load(stream)
sys.stdout.buffer.write(told['stdout'].encode('utf-8', 'surrogateescape'))
sys.stderr.buffer.write(told['stderr'].encode('utf-8', 'surrogateescape'))
sys.exit(told['status'])
