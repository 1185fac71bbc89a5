"""Messages to people: in the platform, by text message or mail through adapters."""
