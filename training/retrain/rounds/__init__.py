"""Which rounds can be used: they get a label, then pass gates. Each gate can say why it rejected a round."""
