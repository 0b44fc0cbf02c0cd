"""Projects and the motion files in them. Effectful: files lie on disk under a root folder."""

from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from psycopg import Connection

from examples.plask.service.errors import NotFoundError
from examples.plask.service.rows import returned_id


def create_project(connection: Connection[Any], *, member_id: int, title: str, at: datetime) -> int:
    """Begin a project; its number."""
    return returned_id(
        connection.execute(
            "insert into projects (member_id, title, created_at) values (%s, %s, %s) returning id",
            (member_id, title, at),
        )
    )


def upload(connection: Connection[Any], *, project_id: int, content: bytes, files: Path, at: datetime) -> int:
    """Store a motion file on disk and note where; the file's number.

    The name on disk is ours, never the uploader's. The file is written before the row: a failure between
    the two leaves a file without a row, never a row without its file.

    :param files: the root folder; the row holds a path relative to it.
    :raises NotFoundError: there is no such project.
    """
    with connection.transaction():
        if connection.execute("select from projects where id = %s", (project_id,)).fetchone() is None:
            raise NotFoundError("there is no such project")
        path = Path(str(project_id)) / f"{uuid4().hex}.motion"
        (files / path).parent.mkdir(parents=True, exist_ok=True)
        (files / path).write_bytes(content)
        return returned_id(
            connection.execute(
                "insert into motion_files (project_id, path, bytes, uploaded_at)"
                " values (%s, %s, %s, %s) returning id",
                (project_id, path.as_posix(), len(content), at),
            )
        )
