"""The scanner that needs nothing: the agreed test signature (EICAR), anywhere in the file."""

from collections.abc import Iterable

# in two parts, so that this source file is not itself taken for the test file
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def scan(chunks: Iterable[bytes]) -> str:
    """The name of the test signature when the content carries it."""
    tail = b""
    for chunk in chunks:
        window = tail + chunk
        if EICAR in window:
            return "EICAR-Test-File"
        tail = window[-len(EICAR) :]
    return ""
