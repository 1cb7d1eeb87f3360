"""How people sign in: allauth with sealed second factors, accounts made by administrators only."""

import base64
import hashlib

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """No sign-up: an account is made by the administrator of a territory."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


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
