"""The JSON Schema of ``policy.yaml``: an editor completes keys and words by it and marks slips. Pure."""

from typing import Any

from pydantic import BaseModel

from jikim.policy.model import Policy


def policy_schema() -> dict[str, Any]:
    """A JSON Schema (draft 2020-12) that accepts what :func:`jikim.policy.parse.parse` accepts in shape.

    It cannot see references inside the file or dates out of order; those only ``parse`` finds.
    """
    return exported(Policy, title="policy.yaml")


def exported(model: type[BaseModel], *, title: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a file's model."""
    schema = _tidied(model.model_json_schema(by_alias=True))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **schema}


def _tidied(schema: Any) -> Any:
    """Without titles made of key names, and closed where keys have a form."""
    if isinstance(schema, list):
        return [_tidied(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {
        key: _tidied(value)
        for key, value in schema.items()
        if not (key == "title" and isinstance(value, str))
    }
    if "patternProperties" in kept:
        kept["additionalProperties"] = False
    return kept
