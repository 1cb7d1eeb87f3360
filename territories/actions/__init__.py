"""Changes about people, the directory and the duty roster."""

from territories.actions.directory import Resource, add_entry, archive_entry, edit_entry, review_entry
from territories.actions.duty import Repeated, add_shift, remove_shift, repeat_week
from territories.actions.people import (
    Newcomer,
    add_member,
    end_rights,
    give_back_rights,
    invite_again,
    set_phone,
)
from territories.actions.supervision import name_representative, set_supervision

__all__ = [
    "Newcomer",
    "Repeated",
    "Resource",
    "add_entry",
    "add_member",
    "add_shift",
    "archive_entry",
    "edit_entry",
    "end_rights",
    "give_back_rights",
    "invite_again",
    "name_representative",
    "remove_shift",
    "repeat_week",
    "review_entry",
    "set_phone",
    "set_supervision",
]
