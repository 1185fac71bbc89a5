"""Papers that follow an act: receipts, notices, decisions, results; their verification and hand-out."""
