"""Personal data at rest: AES-256-GCM with a random nonce, found again by a keyed hash.

个人信息保护法第五十一条（加密、去标识化）; 网络数据安全管理条例第九条. The keys are derived from the installation's master
key; the first byte of a sealed value says which key version sealed it, so that keys can be rotated.
"""

import hashlib
import hmac
import json
import os
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from yimen.kernel import secrets
from yimen.kernel.masking import mask_name

CURRENT_VERSION = 1
KEY_PURPOSES = {1: "personal-data"}
HASH_PURPOSE = "personal-data-hash"
NONCE_BYTES = 12


class SealBroken(Exception):
    """A sealed value was changed, belongs to another field, or was sealed by another installation."""


@lru_cache(maxsize=8)
def _cipher(version: int) -> AESGCM:
    return AESGCM(secrets.derive(settings.DATA, KEY_PURPOSES[version]))


def seal(content: bytes, purpose: str) -> bytes:
    """Seal bytes; ``purpose`` (the field) is bound to the value, so that a sealed name cannot pass as a number."""
    nonce = os.urandom(NONCE_BYTES)
    return (
        bytes([CURRENT_VERSION]) + nonce + _cipher(CURRENT_VERSION).encrypt(nonce, content, purpose.encode())
    )


def unseal(sealed: bytes, purpose: str) -> bytes:
    """Open a sealed value.

    Raises:
        SealBroken: changed, of another purpose, or of an unknown key version.
    """
    if not sealed or sealed[0] not in KEY_PURPOSES:
        raise SealBroken("unknown key version")
    nonce, content = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return _cipher(sealed[0]).decrypt(nonce, content, purpose.encode())
    except InvalidTag as broken:
        raise SealBroken("seal does not open") from broken


def seal_text(text: str, purpose: str = "text") -> bytes:
    """Seal text for a BinaryField."""
    return seal(text.encode(), purpose)


def unseal_text(sealed: bytes, purpose: str = "text") -> str:
    """Open what ``seal_text`` sealed for the same purpose."""
    return unseal(bytes(sealed), purpose).decode()


def masked_name(sealed: bytes) -> str:
    """The masked name of a person's sealed one, for lists that read no more of the person."""
    return mask_name(unseal_text(sealed, "name"))


def seal_json(value: Any, purpose: str = "json") -> bytes:
    """Seal a JSON value (dict, list, text, number) for a BinaryField."""
    return seal(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), purpose)


def unseal_json(sealed: bytes, purpose: str = "json") -> Any:
    """Open what ``seal_json`` sealed for the same purpose."""
    return json.loads(unseal(bytes(sealed), purpose))


def keyed_hash(text: str, purpose: str) -> str:
    """The hex HMAC-SHA256 under which a personal value is found; useless without this installation's key."""
    key = secrets.derive(settings.DATA, HASH_PURPOSE)
    return hmac.new(key, f"{purpose}\x00{text}".encode(), hashlib.sha256).hexdigest()
