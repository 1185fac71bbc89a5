"""The heart: applications, cases, materials, and the legal acts upon them. Issues nothing (issuing)."""
