"""How many lines of facts.py run for the text on standard input: its work, which is the same on every machine."""

import io
import json
import signal
import sys

source, stdin = sys.argv[1], sys.stdin.read()
count = 0


def trace(frame, event, _argument):
    global count
    if not frame.f_code.co_filename.endswith(('/facts.py', '/ast.py')):
        return None
    count += event == 'line'
    return trace


# it is slower while it is counted
signal.setitimer = lambda *_: None
code = compile(open(source).read(), source, 'exec')
request = json.dumps(['a.py', stdin, [3, 13]]) + '\n'
sys.stdin = io.TextIOWrapper(io.BytesIO(request.encode()))
printed, sys.stdout = sys.stdout, io.StringIO()
sys.settrace(trace)
exec(code, {'__name__': 'facts'})
sys.settrace(None)
print(count, file=printed)
