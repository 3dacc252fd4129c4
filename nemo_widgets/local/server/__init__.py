"""What talks HTTP: who may come in, the calls, uploaded files, the stream of an answer, the process."""
