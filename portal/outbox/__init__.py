"""Work for later: jobs written in the transaction that asks for them, done by a worker, woken through the queue."""
