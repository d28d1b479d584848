"""The validation report as a page of Airflow's web server, for those who are logged in there.

Airflow loads it from its plugins folder into each of its processes; what is heavy is imported by the first request alone.
"""

from functools import cache
from typing import Any

from airflow.plugins_manager import AirflowPlugin

from pipeline.scheduling import REPORT_PATH, WORKSPACE


@cache
def _page() -> Any:
    from airflow.api_fastapi.core_api.security import get_user
    from fastapi import Depends, FastAPI, HTTPException
    from fastapi.responses import FileResponse

    app = FastAPI(dependencies=[Depends(get_user)], openapi_url=None)

    @app.get("/")
    def read_report() -> FileResponse:
        pages = WORKSPACE.reports  # that of a held batch comes before the published one
        if not pages:
            raise HTTPException(404, "no batch was validated yet")
        return FileResponse(pages[0], media_type="text/html", headers={"Cache-Control": "no-store"})

    return app


async def _serve(scope: Any, receive: Any, send: Any) -> None:
    await _page()(scope, receive, send)


class ReportPage(AirflowPlugin):
    name = "dragoman_report"
    fastapi_apps: list[Any] = [{"app": _serve, "url_prefix": REPORT_PATH.rstrip("/"), "name": "Validation report of Dragoman"}]
