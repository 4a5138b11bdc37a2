def find_all_by(session=None, **criteria):
    return []
