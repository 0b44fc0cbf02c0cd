"""``jikim schema``: the JSON Schema of the two files an operator writes."""

import click


@click.command("schema")
@click.argument("file", type=click.Choice(["policy", "datamap"]))
def command(*, file: str) -> None:
    """Print the JSON Schema that editors complete by.

    \b
    Example:
      jikim schema policy > .policy.schema.json
    and as the first line of policy.yaml:
      # yaml-language-server: $schema=.policy.schema.json
    """
    from jikim.cli.terminal import write_json
    from jikim.datamap.reference import datamap_schema
    from jikim.policy.schema import policy_schema

    write_json(policy_schema() if file == "policy" else datamap_schema())
