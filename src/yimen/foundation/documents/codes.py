"""Verification codes people can read aloud, and QR codes."""

import io
import re
import secrets

import segno
from stdnum.iso7064 import mod_37_36

from yimen.kernel.errors import Invalid

# 30 signs without 0 O 1 I L U and without vowels that make words
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_FULL_WIDTH = {0xFEE0 + c: c for c in range(0x21, 0x7F)}


def verification_code() -> str:
    """A new random code: 11 random signs (54 bits) and a check sign (ISO 7064, modulus of the alphabet)."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + mod_37_36.calc_check_digit(body, alphabet=ALPHABET)


def shown_code(code: str) -> str:
    """In groups of four, as printed: ``7K3M-9XQ2-HT4B``."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def check_verification_code(text: str) -> str:
    """Bring a typed code into its plain form.

    Spaces, hyphens, small letters and full-width letters are accepted.

    Raises:
        Invalid: says which of length, sign or check is wrong.
    """
    code = re.sub(r"[\s\-—－_.]", "", text.translate(_FULL_WIDTH)).upper()
    if not code:
        raise _wrong("请输入核验码：印在文书下方二维码旁边，共 12 位。")
    if odd := sorted(set(code) - set(ALPHABET)):
        raise _wrong(f"核验码里没有“{'、'.join(odd)}”；核验码只用数字 2 至 9 和除 I、L、O、U 以外的字母。")
    if len(code) != LENGTH:
        raise _wrong(f"核验码应为 12 位，现在是 {len(code)} 位；请对照文书下方再输一次。")
    if mod_37_36.calc_check_digit(code[:-1], alphabet=ALPHABET) != code[-1]:
        raise _wrong("核验码有一位输错或两位颠倒了，请对照文书下方再输一次。")
    return code


def _wrong(message: str) -> Invalid:
    return Invalid(message, code="verification_code", fields={"code": message})


def qr_svg(text: str) -> str:
    """A QR code as SVG without size, to be scaled by its surroundings (error correction M, quiet zone included)."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=4, dark="#000", light="#fff"
    )
    return out.getvalue().decode()


def qr_png(text: str, scale: int = 8) -> bytes:
    """A QR code as PNG, ``scale`` pixels a module."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=scale, border=4)
    return out.getvalue()
