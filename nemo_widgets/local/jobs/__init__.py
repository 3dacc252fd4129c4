"""What a studio works at: answering a message, drawing raw clips, rendering exports."""
