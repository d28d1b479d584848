"""The validation report and the explorer as pages of Airflow's web server, for those who are logged in there.

Airflow loads it from its plugins folder into each of its processes; what is heavy is imported by the first request alone.
"""

from functools import cache
from typing import Any

from airflow.plugins_manager import AirflowPlugin

from pipeline.scheduling import REPORT_PATH, WORKSPACE

_PAGES = {".html", ".js", ".css", ".json"}


@cache
def _page() -> Any:
    from airflow.api_fastapi.core_api.security import get_user
    from fastapi import Depends, FastAPI, HTTPException, Request
    from fastapi.responses import FileResponse, RedirectResponse

    app = FastAPI(dependencies=[Depends(get_user)], openapi_url=None)

    @app.get("/")
    def show_report(request: Request) -> RedirectResponse:
        pages = WORKSPACE.reports  # that of a held batch comes before the published one
        if not pages:
            raise HTTPException(404, "no batch was validated yet")
        return RedirectResponse(f"{request.scope['root_path']}/{pages[0].relative_to(WORKSPACE.site).as_posix()}")

    @app.get("/{path:path}")
    def read_page(path: str) -> FileResponse:
        site = WORKSPACE.site.resolve()
        file = (site / path).resolve()
        if not file.is_relative_to(site) or file.suffix not in _PAGES or not file.is_file():
            raise HTTPException(404, "there is no such page")
        return FileResponse(file, headers={"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"})

    return app


async def _serve(scope: Any, receive: Any, send: Any) -> None:
    await _page()(scope, receive, send)


class ReportPage(AirflowPlugin):
    name = "dragoman_report"
    fastapi_apps: list[Any] = [{"app": _serve, "url_prefix": REPORT_PATH.rstrip("/"), "name": "Validation report of Dragoman"}]
