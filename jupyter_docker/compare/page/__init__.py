"""The report as a page of HTML and as a badge."""
