"""liteCam's world: its tables, and the lives that fill them. Pure."""

from examples.litecam.doings import END, OPENING
from examples.litecam.lives import founding, life
from examples.made_up.service import Service
from examples.made_up.world import Setting

PRIMARY_KEY = {
    "companies": "id",
    "products": "id",
    "events": "id",
    "elsewhere": "number",
    "members": "id",
    "sessions": "id",
    "orders": "id",
    "payments": "id",
    "deliveries": "id",
    "refunds": "id",
    "licences": "id",
    "handovers": "id",
    "tickets": "id",
    "ticket_replies": "id",
    "paper_records": "id",
    "visit_log": "id",
    "cookie_profiles": "cookie",
    "seats": "id",
    "usage_log": "id",
    "newsletter_subscriptions": "member_id",
    "event_entries": "id",
    "consents": "id",
}
"""liteCam's tables with rows of their own key, parents before children, each with its primary-key column."""
SETTING = Setting(PRIMARY_KEY, OPENING, END, founding, life)
LITECAM = Service("litecam", SETTING, seed=2017, apart=True)
