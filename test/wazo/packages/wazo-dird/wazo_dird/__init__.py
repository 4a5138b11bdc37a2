"""What plugins of wazo-dird build upon."""

from abc import ABCMeta, abstractmethod


class BaseViewPlugin(metaclass=ABCMeta):
    @abstractmethod
    def load(self, dependencies):
        pass

    def unload(self):
        pass


class BaseServicePlugin(metaclass=ABCMeta):
    @abstractmethod
    def load(self, dependencies):
        pass

    def unload(self):
        pass


class BaseSourcePlugin(metaclass=ABCMeta):
    @abstractmethod
    def load(self, dependencies):
        pass

    @abstractmethod
    def search(self, term, args=None):
        pass

    @abstractmethod
    def first_match(self, term, args=None):
        pass

    def list(self, uids, args=None):
        return []


def make_result_class(backend, source_name, unique_column=None, format_columns=None):
    class Result:
        def __init__(self, fields):
            formatted = {name: form.format(**fields) for name, form in (format_columns or {}).items()}
            self.fields = {**fields, **formatted}
            self.source, self.backend = source_name, backend

        def get_unique(self):
            return str(self.fields[unique_column]) if unique_column else None

    return Result
