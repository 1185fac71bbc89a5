"""Files people hand in and papers the platform makes: checked by content, kept once, sealed at rest.

It is: a content-addressed store (SHA-256), the checks before something may enter, and safe headers on the way out.
It is not: permission to read. Whoever refers to a file (a case, a licence) decides who may open it.
"""
