"""The pages on which people write: forms, who acts, and receipts. No script is needed."""
