"""What a document from the bureau changes here: cases, holdings, tasks, codes."""
