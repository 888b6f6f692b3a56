"""Commands of rounds: invented answers, the demonstration, exports."""
