class Status:
    fail = 'fail'
    ok = 'ok'
