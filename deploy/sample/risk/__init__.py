"""What the sample council worries about, what it does about it, and what its people say."""
