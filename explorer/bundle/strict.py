"""Frozen dataclasses from JSON and back, with no guessing: every key known, present and typed."""

from __future__ import annotations

import math
import types
from collections.abc import Mapping
from dataclasses import Field, fields, is_dataclass
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
# Marks a field that files of before do not have: they get its default. Files in which it has its
# default go without it too, so that versions of before open them.
LATER = {"later": True}
WORDS = {
    int: "a whole number",
    float: "a finite number",
    str: "a text",
    bool: "true or false",
    type(None): "null",
}


class StrictError(ValueError):
    """A value does not fit; the message starts with the dotted name of the field."""


def parse(kind: type[T], value: object, *, where: str = "") -> T:
    """Build the dataclass ``kind`` from parsed JSON.

    Args:
        kind: A dataclass of numbers, texts, tuples, mappings and other such dataclasses.
        value: What ``json.load`` gave.
        where: Dotted name of the value, for the message.

    Raises:
        StrictError: An unknown key, a missing key, a wrong type, or a value that the dataclass
            itself refuses with a ValueError.
    """
    if not isinstance(value, dict):
        raise _mismatch(where or "the file", value, "an object of keys and values")
    known = [item.name for item in fields(kind)]  # type: ignore[arg-type]
    for key in value:
        if key not in known:
            raise StrictError(
                f"{_join(where, key)} is not a known key; the keys there are "
                f"{', '.join(known)}. Remove it, or update Latent Explorer if the bundle is newer."
            )
    later = [item.name for item in fields(kind) if _is_later(item)]  # type: ignore[arg-type]
    for key in known:
        if key not in value and key not in later:
            raise StrictError(
                f"{_join(where, key)} is missing; restore the file from where the bundle came "
                "from, or train the model again."
            )
    hints = get_type_hints(kind)
    values = {
        key: _convert(hints[key], value[key], _join(where, key)) for key in known if key in value
    }
    try:
        return kind(**values)
    except ValueError as error:
        raise StrictError(_join(where, str(error))) from error


def plain(value: Any) -> Any:
    """The inverse of :func:`parse`: only dicts, lists, numbers, texts, booleans and None.

    Figures that are not finite have no place in JSON and are left out of mappings.
    """
    if is_dataclass(value):
        return {
            item.name: plain(getattr(value, item.name))
            for item in fields(value)
            if not (_is_later(item) and getattr(value, item.name) == item.default)
        }
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items() if math.isfinite(item)}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    # numpy scalars find their way into figures; their Python twins are what JSON knows.
    return value.item() if hasattr(value, "item") else value


def _is_later(item: Field[Any]) -> bool:
    return bool(item.metadata.get("later"))


def _convert(hint: Any, value: object, where: str) -> Any:
    origin, args = get_origin(hint), get_args(hint)
    if is_dataclass(hint) and isinstance(hint, type):
        return parse(hint, value, where=where)
    if origin in (Union, types.UnionType):
        inner = next(arg for arg in args if arg is not type(None))
        return None if value is None else _convert(inner, value, where)
    if origin is Literal:
        return _scalar(type(args[0]), value, where)
    if origin is tuple:
        if not isinstance(value, list):
            raise _mismatch(where, value, "a list")
        return tuple(_convert(args[0], item, f"{where}[{i}]") for i, item in enumerate(value))
    if origin is not None:  # Mapping[str, float]
        if not isinstance(value, dict):
            raise _mismatch(where, value, "an object of keys and values")
        return {key: _convert(args[1], item, _join(where, key)) for key, item in value.items()}
    return _scalar(hint, value, where)


def _scalar(hint: type, value: object, where: str) -> Any:
    # bool is an int to Python, and 1 is a fine float; JSON's authors mean neither confusion.
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not hint or (isinstance(value, float) and not math.isfinite(value)):
        raise _mismatch(where, value, WORDS[hint])
    return value


def _mismatch(where: str, value: object, needed: str) -> StrictError:
    shown = repr(value)
    shown = shown if len(shown) <= 60 else f"{shown[:57]}..."
    return StrictError(f"{where} is {shown}; {needed} is needed.")


def _join(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key
