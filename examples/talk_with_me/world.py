"""The world of 나와의 대화: its tables, and the lives that fill them. Pure."""

from examples.made_up.service import Service
from examples.made_up.world import Setting
from examples.talk_with_me.doings import END, OPENING
from examples.talk_with_me.lives import founding, life

PRIMARY_KEY = {
    "products": "id",
    "events": "id",
    "daily_counts": "day",
    "members": "id",
    "sessions": "id",
    "talks": "id",
    "messages": "id",
    "profiles": "member_id",
    "orders": "id",
    "payments": "id",
    "identity_checks": "id",
    "refunds": "id",
    "letters": "id",
    "letter_answers": "id",
    "access_log": "id",
    "visitor_tastes": "visitor_key",
    "abuse_records": "id",
    "newsletter_subscriptions": "member_id",
    "event_entries": "id",
    "erasure_requests": "id",
    "paper_register": "id",
    "consents": "id",
}
"""The service's tables, parents before children, each with its primary-key column."""
SETTING = Setting(PRIMARY_KEY, OPENING, END, founding, life)
TALK_WITH_ME = Service("talk-with-me", SETTING, seed=2002, lite=True)
