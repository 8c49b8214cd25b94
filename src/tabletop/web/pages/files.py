"""The style sheet, the script and the sign of every page; these files and no others."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

TYPES = {
    "style.css": "text/css",
    "page.js": "text/javascript",
    "judge.css": "text/css",
    "judge.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
"""What there is."""


@cache
def content(name: str) -> bytes:
    """A file of the package."""
    return (files("tabletop.web") / "static" / name).read_bytes()


async def file(request: Request) -> Response:
    """One of the files. They hold nothing of a run, and are fetched with every page that is loaded: a server may be a newer one."""
    name = request.path_params["name"]
    if name not in TYPES:
        return Response(status_code=HTTPStatus.NOT_FOUND)
    return Response(content(name), media_type=f"{TYPES[name]}; charset=utf-8")


ROUTES = [Route("/static/{name:str}", file, methods=["GET"])]
