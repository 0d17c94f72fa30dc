"""Identity and Access Management: roles and what hangs on them."""
