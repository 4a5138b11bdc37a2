raise AssertionError('a package of PyPI is not what Wazo has beside it')
