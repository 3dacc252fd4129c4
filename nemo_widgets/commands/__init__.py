"""The program's commands about what is kept on this machine, each in a file of its own."""
