"""Plask's world: its tables, and the lives that fill them. Pure."""

from examples.made_up.service import Service
from examples.made_up.world import Setting
from examples.plask.doings import END, OPENING
from examples.plask.lives import founding, life

PRIMARY_KEY = {
    "products": "id",
    "events": "id",
    "members": "id",
    "profiles": "member_id",
    "interests": "id",
    "sessions": "id",
    "projects": "id",
    "motion_files": "id",
    "orders": "id",
    "payments": "id",
    "refunds": "id",
    "support_posts": "id",
    "support_replies": "id",
    "access_log": "id",
    "abuse_records": "id",
    "event_entries": "id",
    "newsletter_subscriptions": "member_id",
    "rejoin_keys": "email_key",
    "consents": "id",
}
"""Plask's tables, parents before children, each with its primary-key column."""
SETTING = Setting(PRIMARY_KEY, OPENING, END, founding, life)
PLASK = Service("plask", SETTING, seed=2020, folders={"motions": "PLASK_FILES"})
