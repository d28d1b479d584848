"""Redis, Postgres and an S3 server on free ports of 127.0.0.1, for as long as a test needs them."""

import os
import random
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import fsspec
import psycopg2

KEYS = {"AWS_ACCESS_KEY_ID": "scale", "AWS_SECRET_ACCESS_KEY": "scale-test", "AWS_DEFAULT_REGION": "us-east-1"}
BUCKET = "dragoman"
DATABASES = ("airflow", "ducklake")
_PORTS = iter(random.sample(range(20_000, 32_000), 1_000))
START_SECONDS = 600
"""A server needs some of them, on a busy machine many."""


@dataclass(frozen=True)
class Servers:
    """Where they listen."""

    redis: int
    postgres: int
    s3: int

    def sql(self, database: str, query: str) -> list[tuple[object, ...]]:
        connection = psycopg2.connect(host="127.0.0.1", port=self.postgres, user="postgres", dbname=database)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(query)
            rows = cursor.fetchall() if cursor.description else []
        connection.close()
        return rows

    def files(self) -> fsspec.AbstractFileSystem:
        """What lies on S3."""
        told = self.environment
        return fsspec.filesystem(
            "s3", key=told["AWS_ACCESS_KEY_ID"], secret=told["AWS_SECRET_ACCESS_KEY"], endpoint_url=told["AWS_ENDPOINT_URL"]
        )

    @property
    def environment(self) -> dict[str, str]:
        """What a client of the S3 server must know."""
        return {**KEYS, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.s3}"}


def free_port() -> int:
    """A port that nobody listens on, given once; below those that the system itself hands out, which are soon taken."""
    while True:
        port = next(_PORTS)
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) != 0:
                return port


def wait_for(what: str, is_so: Callable[[], object], seconds: float) -> None:
    """Returns once it is so; TimeoutError when it never is."""
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            raise TimeoutError(f"{what}: not within {seconds:.0f} seconds")
        time.sleep(0.5)


def listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=30) as answer:
            return answer.status == 200
    except OSError:
        return False


@contextmanager
def running(command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A process and all that it starts, until the block ends."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env={**os.environ, **(environment or {})}, process_group=0
        )
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    for signal, seconds in ((15, 20), (9, 5)):
        try:
            os.killpg(process.pid, signal)
            process.wait(seconds)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue
        return


@contextmanager
def servers(folder: Path) -> Iterator[Servers]:
    """All three, empty, with the databases and the bucket made; gone with their data at the end."""
    with ExitStack() as stack:
        yield Servers(
            redis=stack.enter_context(_redis(folder)), postgres=stack.enter_context(_postgres(folder)), s3=stack.enter_context(_s3(folder))
        )


@contextmanager
def _redis(folder: Path) -> Iterator[int]:
    port = free_port()
    command = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(folder)]
    with running(command, folder / "redis.log"):
        wait_for("redis", lambda: listens(port), START_SECONDS)
        yield port


@contextmanager
def _postgres(folder: Path) -> Iterator[int]:
    port, data = free_port(), folder / "postgres"
    data.mkdir()
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    as_owner: list[str] = []
    if os.geteuid() == 0:  # Postgres refuses to run as root
        shutil.chown(data, "postgres")
        as_owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
    made = [*as_owner, str(binaries / "initdb"), "--auth=trust", "--username=postgres", "--no-sync", f"--pgdata={data}"]
    subprocess.run(made, check=True, capture_output=True, cwd="/")
    told = ["-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={data}", "-p", str(port), "-D", str(data)]
    with running([*as_owner, str(binaries / "postgres"), *told], folder / "postgres.log"):
        wait_for("postgres", lambda: listens(port), START_SECONDS)
        ready = Servers(0, port, 0)
        for name in DATABASES:
            ready.sql("postgres", f"create database {name}")
        yield port


@contextmanager
def _s3(folder: Path) -> Iterator[int]:
    ports = {name: free_port() for name in ("master", "volume", "filer", "s3")}
    inner = {f"{name}.grpc": free_port() for name in ports}
    (folder / "s3").mkdir()
    command = [
        str(Path(sys.executable).parent / "weed"), "server", f"-dir={folder / 's3'}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
        "-filer", "-s3", "-s3.port.iceberg=0", "-s3.port.lance=0", "-master.volumeSizeLimitMB=64", "-volume.max=50",
        "-master.telemetry=false",
        *(f"-{name}.port={port}" for name, port in ports.items()),
        *(f"-{name.replace('.grpc', '.port.grpc')}={port}" for name, port in inner.items()),
    ]  # fmt: skip
    with running(command, folder / "s3.log"):
        wait_for("the S3 server", lambda: listens(ports["s3"]), START_SECONDS)
        Servers(0, 0, ports["s3"]).files().mkdir(BUCKET)
        yield ports["s3"]
    for port in (*ports.values(), *inner.values()):  # it leaves them behind
        for left in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):
            left.unlink()
