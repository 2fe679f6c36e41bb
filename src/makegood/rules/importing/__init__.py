"""What the rows of another system mean: columns guessed by name, and each row read or refused."""
