"""The package is built from nothing but itself."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
import tarfile
import tempfile
import unittest
import zipfile
from pathlib import Path
from types import ModuleType

FOLDER = Path(__file__).resolve().parent.parent


def load(folder: Path) -> ModuleType:
    """The backend of a copy of the package."""
    spec = importlib.util.spec_from_file_location("backend", folder / "build_backend" / "backend.py")
    assert spec is not None and spec.loader is not None
    backend = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(backend)
    return backend


class BuildTests(unittest.TestCase):
    def setUp(self) -> None:
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.place = Path(place.name)

    def test_a_wheel_has_the_package_and_is_the_same_each_time(self) -> None:
        backend = load(FOLDER)
        wheel = self.place / backend.build_wheel(str(self.place))
        first = hashlib.sha256(wheel.read_bytes()).hexdigest()
        backend.build_wheel(str(self.place))
        self.assertEqual(hashlib.sha256(wheel.read_bytes()).hexdigest(), first)
        with zipfile.ZipFile(wheel) as archive:
            names = archive.namelist()
        sources = {
            path.relative_to(FOLDER / "src").as_posix() for path in (FOLDER / "src").rglob("*")
            if path.is_file() and "__pycache__" not in path.parts}
        self.assertEqual({name for name in names if ".dist-info/" not in name}, sources)
        program = (
            f"import sys; sys.path.insert(0, {str(wheel)!r})\n"
            "from daemonproxy.jobs import Jobs; print(Jobs.__name__)")
        said = subprocess.run(
            [sys.executable, "-I", "-c", program], stdout=subprocess.PIPE, text=True, check=True).stdout
        self.assertEqual(said, "Jobs\n")

    def test_the_archive_of_the_sources_builds_the_same_wheel(self) -> None:
        backend = load(FOLDER)
        wheel = (self.place / backend.build_wheel(str(self.place))).read_bytes()
        with tarfile.open(self.place / backend.build_sdist(str(self.place))) as archive:
            archive.extractall(self.place)
        again = self.place / "again"
        again.mkdir()
        inner = load(next(self.place.glob("daemonproxy-*/")))
        self.assertEqual((again / inner.build_wheel(str(again))).read_bytes(), wheel)

    def test_an_editable_wheel_leads_to_the_sources(self) -> None:
        with zipfile.ZipFile(self.place / load(FOLDER).build_editable(str(self.place))) as archive:
            self.assertEqual(archive.read("daemonproxy.pth").decode(), f"{FOLDER / 'src'}{os.linesep}")


if __name__ == "__main__":
    unittest.main()
