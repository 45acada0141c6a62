"""Layers go one way, and what is slow to import is imported late: read from the source."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Which packages of explorer a package may import from; itself goes without saying.
ALLOWED: dict[str, set[str]] = {
    "data": set(),
    "vae": set(),
    "figures": set(),
    "latent": set(),
    "lab": set(),
    "bundle": {"vae", "latent", "data", "figures"},
    "training": {"data", "vae", "bundle", "latent", "figures"},
    "ui": {"figures", "latent", "lab", "bundle", "data", "vae"},
}
TORCH = {"vae", "training", "bundle"}


@dataclass(frozen=True)
class Import:
    """One imported module.

    Attributes:
        module: Dotted, with the imported name: ``explorer.data.Dataset``.
        is_run: Whether importing the file runs it: not in a function, not for type checkers only.
    """

    module: str
    is_run: bool


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports_of(path: Path) -> list[Import]:
    return list(_walk(tree_of(path), is_run=True))


def _walk(node: ast.AST, *, is_run: bool) -> Iterator[Import]:
    if isinstance(node, ast.Import):
        yield from (Import(alias.name, is_run) for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports are absolute"
        yield from (Import(f"{node.module}.{alias.name}", is_run) for alias in node.names)
    inside = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    typing_only = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
    main_only = isinstance(node, ast.If) and "__main__" in ast.unparse(node.test)
    for child in ast.iter_child_nodes(node):
        yield from _walk(child, is_run=is_run and not (inside or typing_only or main_only))


def packages_of(path: Path) -> set[str]:
    """Which packages of explorer a file imports, at any time; ``""`` is explorer itself."""
    found = set()
    for item in imports_of(path):
        parts = item.module.split(".")
        if parts[0] == "explorer":
            is_package = len(parts) > 1 and parts[1] in ALLOWED
            found.add(parts[1] if is_package else "")
    return found


def roots_of(path: Path) -> set[str]:
    return {item.module.split(".")[0] for item in imports_of(path)}


def sources(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def in_package(path: Path) -> str:
    """The package of explorer a file is in; ``""`` is explorer itself or outside."""
    parts = path.relative_to(ROOT).parts
    return parts[1] if parts[0] == "explorer" and len(parts) > 2 else ""


EXPLORER, PAGES = sources("explorer"), sources("pages")


def test_there_is_something_to_read() -> None:
    assert {in_package(path) for path in EXPLORER} == {"", *ALLOWED}
    assert len(PAGES) >= 2


def test_the_reader_sees_what_it_should(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text(
        "import numpy as np\n"
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    import pandas\n"
        "def late():\n    from torch import nn\n"
        "class Now:\n    import json\n"
    )
    assert imports_of(path) == [
        Import("numpy", True),
        Import("typing.TYPE_CHECKING", True),
        Import("pandas", False),
        Import("torch.nn", False),
        Import("json", True),
    ]


def offenders(paths: list[Path], forbidden: Callable[[Path], set[str]]) -> dict[str, set[str]]:
    """What files do that they must not, by file; a test for each would take ten times as long."""
    return {named(path): wrong for path in paths if (wrong := forbidden(path))}


def test_layers_go_one_way() -> None:
    def forbidden(path: Path) -> set[str]:
        package = in_package(path)
        if not package:  # explorer/__init__.py offers the bundle's surface
            return packages_of(path) - {"bundle"}
        # explorer itself is only its version.
        return packages_of(path) - {package, ""} - ALLOWED[package]

    assert offenders(EXPLORER, forbidden) == {}


def test_a_page_imports_the_ui_alone() -> None:
    assert offenders(PAGES, lambda path: packages_of(path) - {"ui"}) == {}
    known = {"__future__", "explorer", "streamlit"}
    assert offenders(PAGES, lambda path: roots_of(path) - known) == {}


def test_only_the_ui_imports_streamlit() -> None:
    others = [path for path in EXPLORER if in_package(path) != "ui"]
    assert offenders(others, lambda path: roots_of(path) & {"streamlit"}) == {}


def test_torch_lives_in_vae_training_and_bundle() -> None:
    # explorer.data uses torchvision's downloader, when asked to.
    allowed = {"data": {"torchvision"}} | {package: {"torch"} for package in TORCH}

    def forbidden(path: Path) -> set[str]:
        return (roots_of(path) & {"torch", "torchvision"}) - allowed.get(in_package(path), set())

    assert offenders([*EXPLORER, ROOT / "app.py"], forbidden) == {}


def test_what_is_slow_to_import_is_imported_late() -> None:
    def forbidden(path: Path) -> set[str]:
        run = {item.module.split(".")[0] for item in imports_of(path) if item.is_run}
        return run & {"umap", "torchvision"}

    assert offenders(EXPLORER, forbidden) == {}


@pytest.mark.parametrize("name", ["train_cli.py", "app.py", "explorer/__init__.py"])
def test_starting_up_imports_no_torch(name: str) -> None:
    run = {item.module for item in imports_of(ROOT / name) if item.is_run}
    heavy = {"torch", "torchvision", "umap", "sklearn", "pandas"}
    assert not {module.split(".")[0] for module in run} & heavy
    if name == "train_cli.py":
        assert not [module for module in run if module.startswith("explorer")]


def test_pages_are_in_sections() -> None:
    assert list((ROOT / "pages").glob("*.py")) == []


def test_every_page_is_registered_and_every_registered_page_is_there() -> None:
    registry = ast.parse((ROOT / "explorer/ui/registry.py").read_text(encoding="utf-8"))
    texts = {
        node.value
        for node in ast.walk(registry)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    registered = {text for text in texts if text.startswith("pages/") and text.endswith(".py")}
    assert registered == {named(path) for path in PAGES}


def test_nothing_is_unpickled() -> None:
    paths = [*EXPLORER, *PAGES, ROOT / "train_cli.py"]
    unsafe = {"pickle", "joblib", "dill", "cloudpickle", "shelve"}
    assert offenders(paths, lambda path: roots_of(path) & unsafe) == {}
    assert offenders(paths, unsafe_loads) == {}


def unsafe_loads(path: Path) -> set[str]:
    """Calls that read arrays or weights without refusing what is pickled."""
    safe = {"torch.load": "weights_only=True", "np.load": "allow_pickle=False"}
    calls = [
        node
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "load"
    ]
    return {
        ast.unparse(call)
        for call in calls
        if (wanted := safe.get(ast.unparse(call.func)))
        and wanted not in {f"{word.arg}={ast.unparse(word.value)}" for word in call.keywords}
    }


@pytest.mark.parametrize(
    ("call", "is_safe"),
    [
        ("torch.load(path)", False),
        ("torch.load(path, weights_only=False)", False),
        ("torch.load(path, weights_only=True)", True),
        ("np.load(path)", False),
        ("np.load(path, allow_pickle=False)", True),
        ("explorer.load(path)", True),
    ],
)
def test_an_unsafe_load_is_seen(tmp_path: Path, call: str, is_safe: bool) -> None:
    path = tmp_path / "module.py"
    path.write_text(f"def late(path):\n    return {call}\n")
    assert (unsafe_loads(path) == set()) == is_safe
