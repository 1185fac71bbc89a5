"""When: working-day calendars as versioned data. Not deadlines (modules.deadlines)."""
