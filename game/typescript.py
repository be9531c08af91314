"""Declares msgspec structs as TypeScript, so that the client's types are the server's own."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from msgspec import inspect as types


def declare_types(command: str, **roots: Any) -> str:
    """Return a ``.d.ts`` file that declares every struct in ``roots``, and each root under its name.

    Args:
        command: what made the file, named at its top.
        roots: types by the name that they get; a union of structs becomes a union of their names.
    """
    structs: dict[str, types.StructType] = {}
    for root in roots.values():
        _collect_structs(types.type_info(root), structs)
    parts = [f"// Made by `{command}`. A test compares; do not edit."]
    parts += [_declare_struct(struct) for struct in structs.values()]
    for name, root in roots.items():
        if not isinstance(info := types.type_info(root), types.StructType):
            parts.append(f"export type {name} = {write_type(info)};")
    return "\n\n".join(parts) + "\n"


def _collect_structs(info: types.Type, structs: dict[str, types.StructType]) -> None:
    if isinstance(info, types.StructType) and info.cls.__name__ not in structs:
        structs[info.cls.__name__] = info
        for field in info.fields:
            _collect_structs(field.type, structs)
    for child in _get_children(info):
        _collect_structs(child, structs)


def _get_children(info: types.Type) -> Iterator[types.Type]:
    match info:
        case types.Metadata():
            yield info.type
        case types.UnionType():
            yield from info.types
        case types.ListType() | types.VarTupleType():
            yield info.item_type
        case types.TupleType():
            yield from info.item_types
        case types.DictType():
            yield info.value_type


def _declare_struct(struct: types.StructType) -> str:
    lines = []
    if doc := inspect.getdoc(struct.cls):
        lines += ["/**", *(f" * {line}".rstrip() for line in doc.splitlines()), " */"]
    lines.append(f"export interface {struct.cls.__name__} {{")
    if struct.tag_field is not None:
        lines.append(f'  {struct.tag_field}: "{struct.tag}";')
    for field in struct.fields:
        optional = "" if field.required else "?"
        lines.append(f"  {field.encode_name}{optional}: {write_type(field.type)};")
    return "\n".join([*lines, "}"])


def write_type(info: types.Type) -> str:
    """Return a type as TypeScript writes it.

    Raises:
        TypeError: if it has no counterpart there.
    """
    match info:
        case types.Metadata():
            return write_type(info.type)
        case types.StructType():
            return info.cls.__name__
        case types.UnionType():
            return " | ".join(dict.fromkeys(write_type(member) for member in info.types))
        case types.LiteralType():
            return " | ".join(f'"{value}"' if isinstance(value, str) else str(value) for value in info.values)
        case types.ListType() | types.VarTupleType():
            item = write_type(info.item_type)
            return f"({item})[]" if " | " in item else f"{item}[]"
        case types.TupleType():
            return f"[{', '.join(map(write_type, info.item_types))}]"
        case types.DictType():
            return f"Record<string, {write_type(info.value_type)}>"
        case types.IntType() | types.FloatType():
            return "number"
        case types.StrType() | types.DateTimeType() | types.DateType():
            return "string"
        case types.BoolType():
            return "boolean"
        case types.NoneType():
            return "null"
        case types.AnyType():
            return "any"
    raise TypeError(f"{info} has no TypeScript type yet.")
