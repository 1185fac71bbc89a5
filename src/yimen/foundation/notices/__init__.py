"""Messages to people: always in the platform, and by channels that are plug-ins (text message, mail, file).

Knows nothing of cases: whoever has something to say calls ``api.notify``.
"""
