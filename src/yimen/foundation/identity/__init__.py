"""Who: persons, legal entities, accounts, roles, grants, delegation, acting for somebody. Not what they do."""
