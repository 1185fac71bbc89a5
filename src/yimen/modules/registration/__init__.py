"""Market entities (市场主体登记): names, credit codes, licences, changes, and the public register."""
