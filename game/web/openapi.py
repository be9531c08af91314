"""The description at /openapi.json, made from the types of requests and responses."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, Final, TypeVar

import msgspec
from quart import Quart
from quart_schema import DataSource, Info, OpenAPIProvider, QuartSchema, document_response
from werkzeug.routing.rules import Rule

from game.web.errors import ErrorBody

View = TypeVar("View", bound=Callable[..., Any])
Described = tuple[dict[str, Any], dict[str, Any]]

_REFERENCE: Final = "#/components/schemas/{name}"
_JSON: Final = ("application/json",)
_INFO: Final = Info(
    title="Inkrush",
    version="1",
    description="Recognizes handwritten characters, and serves finished games and leaderboards. The game itself "
    "is played over the WebSocket /play/v1.",
)


def document_errors(*statuses: int) -> Callable[[View], View]:
    """Describe the errors of a view: each of ``statuses``, with the body that all errors have."""

    def describe(view: View) -> View:
        for status in statuses:
            view = document_response(ErrorBody, status)(view)
        return view

    return describe


def describe_app(app: Quart) -> None:
    """Have ``app`` serve its description."""
    QuartSchema(
        app,
        info=_INFO,
        redoc_ui_path=None,
        scalar_ui_path=None,
        swagger_ui_path=None,
        conversion_preference="msgspec",
        openapi_provider_class=_Provider,
    )


class _Provider(OpenAPIProvider):
    """Describes the JSON API, with the nested types that the stock provider leaves out."""

    _described: dict[str, Any] | None = None

    def schema(self) -> dict[str, Any]:
        """Return the description. It is made once: that takes longer than any other call may take."""
        if self._described is None:
            self._described = self._describe()
        return self._described

    def _describe(self) -> dict[str, Any]:
        described = super().schema()
        for operations in described["paths"].values():
            for operation in operations.values():
                operation["description"] = operation["description"].strip()
                for status, response in operation["responses"].items():
                    response["description"] = response["description"] or HTTPStatus(int(status)).phrase
        return described

    def generate_rules(self) -> Iterable[Rule]:
        return [rule for rule in super().generate_rules() if rule.rule.startswith(("/api/", "/healthz", "/livez"))]

    def build_querystring_parameters(self, model: type[Any]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        parameters: list[dict[str, Any]] = []
        components = _make_components(model)
        described = components.pop(model.__name__)
        for name, schema in described["properties"].items():
            parameters.append(
                {
                    "name": name,
                    "in": "query",
                    "description": schema.pop("description", ""),
                    "required": name in described["required"],
                    "schema": schema,
                }
            )
        return parameters, components

    def build_request_body(self, model: type[Any], source: DataSource) -> Described:
        kind = "multipart/form-data" if source is DataSource.FORM_MULTIPART else "application/json"
        return {"required": True, "content": {kind: {"schema": _make_reference(model)}}}, _make_components(model)

    def build_response_object(self, model: type[Any], _headers_model: type[Any] | None) -> Described:
        described = {
            "description": "" if model is ErrorBody else inspect.getdoc(model),
            "content": {kind: {"schema": _describe_body(model, kind)} for kind in _list_media_types(model)},
        }
        return described, _make_components(model)


def _list_media_types(model: type[Any]) -> tuple[str, ...]:
    media_types: tuple[str, ...] = getattr(model, "media_types", _JSON)
    return media_types


def _describe_body(model: type[Any], media_type: str) -> dict[str, str]:
    if media_type in _JSON:
        return _make_reference(model)
    # OpenAPI 3.1 cannot describe the lines of a file.
    lines = _REFERENCE.format(name=model.__name__)
    return {"type": "string", "description": f"Each line has the fields of {lines}."}


def _make_reference(model: type[Any]) -> dict[str, str]:
    return {"$ref": _REFERENCE.format(name=model.__name__)}


def _make_components(model: type[Any]) -> dict[str, Any]:
    _, components = msgspec.json.schema_components([model], ref_template=_REFERENCE)
    return components
