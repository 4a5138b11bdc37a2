"""Stands between Asterisk and an AGI handler, and writes down what each says.

Arguments: the file for the dialogue, then the command of the handler. Lines of the file begin with "> " for the
handler and "< " for Asterisk; before them stand the variables that Asterisk sent. "! " begins what the handler
wrote to its standard error, "= " its exit status.
"""

import subprocess
import sys
import threading


def main():
    lock = threading.Lock()
    with open(sys.argv[1], 'w', encoding='utf-8', errors='replace') as file:

        def note(sign, line):
            with lock:
                file.write(sign + line.rstrip('\r\n') + '\n')
                file.flush()

        handler = subprocess.Popen(
            sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        pass_on(sys.stdin, handler.stdin, note)
        threads = [
            threading.Thread(target=relay, args=(handler.stdout, sys.stdout, '> ', note)),
            threading.Thread(target=relay, args=(handler.stderr, None, '! ', note)),
        ]
        for thread in threads:
            thread.start()
        threading.Thread(target=relay, args=(sys.stdin, handler.stdin, '< ', note), daemon=True).start()
        for thread in threads:
            thread.join()
        note('= ', str(handler.wait()))


def pass_on(source, target, note):
    """Hand the variables over; they end with an empty line."""
    for line in source:
        note('', line)
        hand(target, line)
        if not line.strip():
            break


def relay(source, target, sign, note):
    for line in source:
        # written down first: the answer must not come before the question
        note(sign, line)
        if target is not None and not hand(target, line):
            return


def hand(target, line):
    """Write a line; False when the other one listens no more, as a handler that has ended."""
    try:
        target.write(line)
        target.flush()
    except BrokenPipeError:
        return False
    return True


if __name__ == '__main__':
    main()
