"""How people sign in: allauth with sealed second factors, accounts made by administrators only."""

import base64
import hashlib

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from territories.models import User


class AccountAdapter(DefaultAccountAdapter):
    """No sign-up: an account is made by the administrator of a territory."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def first_password_url(user: User) -> str:
    """A link by which she chooses her first password: it serves once, within PASSWORD_RESET_TIMEOUT.

    It is allauth's link for a forgotten password; following it proves that the address is hers.
    """
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    key = {"uidb36": user_pk_to_url_str(user), "key": token}
    return settings.SITE_ADDRESS.rstrip("/") + reverse("account_reset_password_from_key", kwargs=key)


def seed_box() -> MultiFernet:
    """The box for TOTP seeds and recovery codes: sealed with the newest key, opened with any of them.

    Without COPA_SEED_KEYS (demonstration, tests) the key derives from SECRET_KEY; production settings require them.
    """
    words = settings.SEED_KEYS or [settings.SECRET_KEY]
    keys = [base64.urlsafe_b64encode(hashlib.sha256(f"seed:{word}".encode()).digest()) for word in words]
    return MultiFernet([Fernet(key) for key in keys])


class SealedMFAAdapter(DefaultMFAAdapter):
    """allauth stores seeds in clear by default (stack.md 8); ours are sealed."""

    def encrypt(self, text: str) -> str:
        return seed_box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return seed_box().decrypt(encrypted_text.encode()).decode()
