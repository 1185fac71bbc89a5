"""What the law of registration says, over plain values: codes, names, forms, documents. No tables here."""
