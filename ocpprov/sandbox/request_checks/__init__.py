"""What AWS refuses in a request by itself, whatever there is in the account: its form, its values, its filters."""
