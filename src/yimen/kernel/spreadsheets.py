"""Texts that go into a table: a spreadsheet must show them, never run them."""

FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "|", "%")
"""Signs with which a formula or a command begins; the wide ones because Chinese versions read them as the narrow."""


def neutral(text: str) -> str:
    """The text with an apostrophe in front where a spreadsheet would take it for a formula; a plain number stays.

    Spaces, tabs and line ends in front do not hide a formula: programs skip them.
    """
    bare = text.lstrip()
    if text[:1] in ("\t", "\r", "\n") or (bare.startswith(FORMULA_STARTS) and not _is_number(bare)):
        return f"'{text}"
    return text


def _is_number(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").replace(".", "", 1).isdigit()
