"""CaseNote's world: its tables, and the lives that fill them. Pure."""

from typing import Final

from examples.casenote.doings import END, OPENING
from examples.casenote.lives import founding, life
from examples.made_up.service import Service
from examples.made_up.world import Setting

PRIMARY_KEY: Final = {
    "cases": "id",
    "plans": "id",
    "ads": "id",
    "members": "id",
    "sessions": "id",
    "folders": "id",
    "saved_cases": "id",
    "search_log": "id",
    "usage_log": "id",
    "orders": "id",
    "payments": "id",
    "refunds": "id",
    "enquiries": "id",
    "answers": "id",
    "abuse_records": "id",
    "mailing_consents": "id",
    "ad_mailings": "id",
    "withdrawals": "id",
}
"""CaseNote's tables, parents before children, each with the column that tells its rows apart."""
SETTING: Final = Setting(PRIMARY_KEY, OPENING, END, founding, life)
CASENOTE: Final = Service(
    "casenote", SETTING, seed=2003, folders={"logs": "CASENOTE_LOGS", "archive": "CASENOTE_KEPT_FILES"}
)
