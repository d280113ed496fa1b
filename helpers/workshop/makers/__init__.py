"""What draws, speaks and prints the files of data/."""
