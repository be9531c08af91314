"""Store rounds for good; export, import and mirror them. Knows nothing of the web."""
