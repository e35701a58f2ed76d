"""Builds the wheel and the source archive of this package, PEP 517, with the standard library alone.

The usual backends have to be downloaded before a build. This one works without a network, is reproducible, and does
what a package of pure Python needs.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import tarfile
import zipfile
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src"
# 1980-01-01, the first date that a zip file can have.
EPOCH = (1980, 1, 1, 0, 0, 0)


def get_requires_for_build_wheel(config_settings: Dict[str, Any] | None = None) -> List[str]:
    return []


def get_requires_for_build_sdist(config_settings: Dict[str, Any] | None = None) -> List[str]:
    return []


def build_wheel(
    wheel_directory: str, config_settings: Dict[str, Any] | None = None, metadata_directory: str | None = None,
) -> str:
    """The package and its metadata for installers."""
    return _write_wheel(wheel_directory, list(_package()))


def build_editable(
    wheel_directory: str, config_settings: Dict[str, Any] | None = None, metadata_directory: str | None = None,
) -> str:
    """A reference to the sources, for `pip install -e`."""
    return _write_wheel(wheel_directory, [("daemonproxy.pth", f"{SOURCES}\n".encode())])


def build_sdist(sdist_directory: str, config_settings: Dict[str, Any] | None = None) -> str:
    """The source archive, from which the package can be built."""
    name = f"{_field('name')}-{_field('version')}"
    files = [("PKG-INFO", _metadata())]
    for path in sorted(ROOT.rglob("*")):
        place = path.relative_to(ROOT)
        if path.is_file() and "__pycache__" not in place.parts and place.parts[0] in (
                "src", "tests", "build_backend", "pyproject.toml", "README.md"):
            files.append((place.as_posix(), path.read_bytes()))
    with tarfile.open(Path(sdist_directory) / f"{name}.tar.gz", "w:gz", format=tarfile.PAX_FORMAT) as archive:
        for place_name, data in files:
            member = tarfile.TarInfo(f"{name}/{place_name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return f"{name}.tar.gz"


def _write_wheel(directory: str, files: List[Tuple[str, bytes]]) -> str:
    name = f"{_field('name')}-{_field('version')}"
    info = f"{name}.dist-info"
    files.append((f"{info}/METADATA", _metadata()))
    files.append((
        f"{info}/WHEEL",
        b"Wheel-Version: 1.0\nGenerator: daemonproxy\nRoot-Is-Purelib: true\nTag: py3-none-any\n"))
    record = "".join(f"{path},sha256={_digest(data)},{len(data)}\n" for path, data in files)
    files.append((f"{info}/RECORD", f"{record}{info}/RECORD,,\n".encode()))
    wheel = f"{name}-py3-none-any.whl"
    with zipfile.ZipFile(Path(directory) / wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files:
            member = zipfile.ZipInfo(path, EPOCH)
            member.external_attr = 0o100644 << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, data)
    return wheel


def _package() -> Iterator[Tuple[str, bytes]]:
    for path in sorted(SOURCES.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(SOURCES).as_posix(), path.read_bytes()


def _metadata() -> bytes:
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {_field('name')}",
        f"Version: {_field('version')}",
        f"Summary: {_field('description')}",
        "License: MIT",
        f"Requires-Python: {_field('requires-python')}",
        "Classifier: Typing :: Typed",
        "Description-Content-Type: text/markdown",
        "",
        (ROOT / "README.md").read_text(encoding="utf-8"),
    ]
    return "\n".join(lines).encode()


# Python has a TOML reader from 3.11 on.
def _field(name: str) -> str:
    found = re.search(rf'^{name} = "(.*)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise ValueError(f"pyproject.toml has no {name}")
    return found.group(1)


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
