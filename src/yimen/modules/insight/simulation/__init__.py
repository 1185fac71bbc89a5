"""What-if: last year's real flow through a changed world (discrete events, simpy).

Nothing here reads or writes the store: it takes what happened as plain values and gives plain values back.
"""
