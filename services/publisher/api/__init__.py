"""What the publisher answers to programs: JSON and the live stream."""
