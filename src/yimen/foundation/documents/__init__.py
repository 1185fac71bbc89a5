"""Typeset papers: PDF, Word, QR codes, verification codes. Not which paper is due (issuing, items)."""
