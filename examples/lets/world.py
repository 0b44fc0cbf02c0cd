"""The world of LETS: its tables, and the lives that fill them. Pure."""

from examples.lets.doings import END, OPENING
from examples.lets.lives import founding, life
from examples.made_up.service import Service
from examples.made_up.world import Setting

PRIMARY_KEY = {
    "plans": "id",
    "usage_counts": "id",
    "ad_displays": "id",
    "members": "id",
    "profiles": "member_id",
    "devices": "id",
    "sessions": "id",
    "access_tokens": "id",
    "login_log": "id",
    "documents": "id",
    "document_words": "document_id",
    "shares": "id",
    "document_edits": "id",
    "address_books": "id",
    "contacts": "id",
    "invitations": "id",
    "linked_accounts": "id",
    "link_tokens": "id",
    "linked_profiles": "link_id",
    "entitlements": "id",
    "orders": "id",
    "payments": "id",
    "refunds": "id",
    "credit_movements": "id",
    "tickets": "id",
    "ticket_replies": "id",
    "abuse_records": "id",
    "mailings": "member_id",
    "consents": "id",
    "usage_events": "id",
}
"""The tables of LETS, each with its primary-key column."""
SETTING = Setting(PRIMARY_KEY, OPENING, END, founding, life)
LETS = Service("lets", SETTING, seed=2021, folders={"storage": "LETS_STORAGE"})
