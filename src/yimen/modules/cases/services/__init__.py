"""The only place that writes cases: handing in (intake), acts, and what time alone does (sweeps)."""
