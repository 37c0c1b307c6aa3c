# SPDX-License-Identifier: Apache-2.0
"""The repository as the rules see it: paths, texts, C++ files. Also made of a dictionary, for tests of rules."""
import functools
import os

from cpp import Cpp

TOPS = ("sensor", "signatures", "exporters", "tests", "ansible")
PRODUCTION = ("sensor/", "signatures/", "exporters/")
PASSED_OVER = {"__pycache__", "build", ".git"}


class Tree:
    def __init__(self, files, executable=()):
        """files: {path: text, or None where it is read from the root when somebody asks}."""
        self._texts = dict(files)
        self._executable = set(executable)
        self._root = None

    @classmethod
    def of(cls, root):
        paths = [name for name in os.listdir(root) if os.path.isfile(os.path.join(root, name))]
        for top in TOPS:
            for folder, folders, names in os.walk(os.path.join(root, top)):
                folders[:] = sorted(set(folders) - PASSED_OVER)
                paths += [os.path.relpath(os.path.join(folder, name), root) for name in names]
        tree = cls(dict.fromkeys(sorted(paths)))
        tree._root = root
        return tree

    @property
    def root(self):
        """The folder of the repository; None for a tree made of texts."""
        return self._root

    def with_texts(self, texts):
        """This tree with other texts for some paths, there or new; what was read already is not read again."""
        tree = Tree(self._texts | texts, self._executable)
        tree._root = self._root
        tree._cpp.update({path: code for path, code in self._cpp.items() if path not in texts})
        return tree

    @functools.cached_property
    def paths(self):
        return sorted(self._texts)

    def __contains__(self, path):
        return path in self._texts

    def is_executable(self, path):
        return path in self._executable or (self._root is not None and os.access(os.path.join(self._root, path), os.X_OK))

    def text(self, path):
        """The file's text; empty when there is no such file."""
        if self._texts.get(path) is None:
            if path not in self._texts:
                return ""
            with open(os.path.join(self._root, path), encoding="utf-8", errors="replace") as file:
                self._texts[path] = file.read()
        return self._texts[path]

    @functools.cached_property
    def _cpp(self):
        return {}

    def cpp(self, path):
        if path not in self._cpp:
            self._cpp[path] = Cpp(self.text(path))
        return self._cpp[path]

    def sources(self, *tops):
        """C++ files below these folders; without any, of the whole tree."""
        return [path for path in self.paths if path.endswith((".cc", ".h")) and path.startswith(tops or "")]

    def production(self):
        return self.sources(*PRODUCTION)

    def folders(self, parent):
        """Names of the folders directly in a folder that hold a file."""
        parent = parent.rstrip("/") + "/"
        return sorted({path[len(parent):].split("/")[0] for path in self.paths
                       if path.startswith(parent) and "/" in path[len(parent):]})

    def named(self, name):
        return [path for path in self.paths if path.rsplit("/", 1)[-1] == name]
