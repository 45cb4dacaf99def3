"""The filings on file at a bureau: the list, one filing with its history, its attachments."""
