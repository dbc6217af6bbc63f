"""What the publisher answers to people: pages, and the files that pages need."""
