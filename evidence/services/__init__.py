"""What a command line, a page or a scheduler asks of the program, each as one function; nothing here parses options."""
