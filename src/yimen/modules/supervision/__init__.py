"""Electronic supervision (电子监察): rules over events and clocks, cards, appeals, scores, the ledger of lost time."""
