"""What is installed works where the checkout is not: wheel, source archive, editable install, checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

DATA = {".yaml", ".yml", ".tcss", ".css", ".js", ".svg", ".txt", ".json", ".md", ".html", ".typed"}
"""Endings of files in the package that are no modules and yet needed."""


def build(*arguments: str, root: Path = ROOT) -> None:
    subprocess.run([sys.executable, "-m", "hatchling", "build", *arguments], cwd=root, check=True, capture_output=True)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build("-t", "wheel", "-d", str(folder))
    [path] = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel unpacked as an installer does, without its dependencies."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run_outside(site: Path, folder: Path, *arguments: str) -> str:
    """What `tabletop` says when it is taken from `site` and run in `folder`, far from the checkout."""
    where = subprocess.run(
        [sys.executable, "-c", "import tabletop; print(tabletop.__file__)"],
        cwd=folder,
        env=environment(site),
        check=True,
        capture_output=True,
    )
    assert Path(where.stdout.decode().strip()).is_relative_to(site)
    done = subprocess.run(
        [sys.executable, "-m", "tabletop", *arguments], cwd=folder, env=environment(site), check=False, capture_output=True
    )
    assert (done.returncode, done.stderr.decode("utf-8").splitlines()[1:]) == (0, [])
    return done.stdout.decode("utf-8")


def environment(site: Path) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(site), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def shipped(listed: str) -> dict[str, Path]:
    return {row["id"]: Path(row["path"]) for row in json.loads(listed)["exercises"] if row["origin"] == "shipped"}


def test_the_wheel_has_the_shelf_and_every_file_of_the_package(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    source = ROOT / "src"
    kept = {path for path in source.rglob("*") if path.suffix in DATA | {".py"} and "__pycache__" not in path.parts}
    assert {path.relative_to(source).as_posix() for path in kept} <= names
    for shelf in ("exercises", "injects"):
        there = {path.relative_to(ROOT).as_posix() for path in (ROOT / shelf).rglob("*") if path.is_file()}
        assert there
        assert {f"tabletop/shelf/{name}" for name in there} <= names
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"tabletop"}
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not any("tests/" in name or "__pycache__" in name for name in names)


def test_the_wheel_brings_the_command(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    [points] = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
    assert "tabletop = tabletop.cli:main" in archive.read(points).decode()


def test_the_library_is_there_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    found = shipped(run_outside(installed, tmp_path, "list", "--json"))
    assert {path.stem for path in (ROOT / "exercises").glob("*.yaml")} >= found.keys() > set()
    assert all(path.is_relative_to(installed / "tabletop" / "shelf" / "exercises") for path in found.values())
    assert "media/" in run_outside(installed, tmp_path, "list", "--injects")


def test_the_shelf_of_the_wheel_is_right_to_the_last_warning(installed: Path, tmp_path: Path) -> None:
    assert run_outside(installed, tmp_path, "check", "--strict", str(installed / "tabletop" / "shelf")) == ""


def test_the_wheel_can_begin_an_exercise(installed: Path, tmp_path: Path) -> None:
    assert Path(run_outside(installed, tmp_path, "new", "ours").strip()) == Path("exercises/ours.yaml")


def test_the_library_is_there_from_the_checkout(tmp_path: Path) -> None:
    found = shipped(run_outside(ROOT / "src", tmp_path, "list", "--json"))
    assert found
    assert all(path.is_relative_to(ROOT / "exercises") for path in found.values())


def test_an_editable_install_reads_the_checkout_and_copies_nothing(tmp_path: Path) -> None:
    builder = "import sys; from hatchling.build import build_editable; build_editable(sys.argv[1])"
    subprocess.run([sys.executable, "-c", builder, str(tmp_path)], cwd=ROOT, check=True, capture_output=True)
    [path] = tmp_path.glob("*.whl")
    archive = zipfile.ZipFile(path)
    [pointer] = [name for name in archive.namelist() if name.endswith(".pth")]
    assert Path(archive.read(pointer).decode().strip()) == ROOT / "src"
    assert not [name for name in archive.namelist() if name.startswith("tabletop/")]


def test_the_source_archive_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    build("-t", "sdist", "-d", str(tmp_path))
    [path] = tmp_path.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    [root] = (tmp_path / "source").iterdir()
    assert {"LICENSE", "README.md", "CHANGELOG.md", "CONTRIBUTING.md"} <= {item.name for item in root.iterdir()}
    build("-t", "wheel", "-d", str(tmp_path), root=root)
    [again] = tmp_path.glob("*.whl")
    assert zipfile.ZipFile(again).namelist() == zipfile.ZipFile(wheel).namelist()
