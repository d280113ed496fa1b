"""How a call is answered: a loopback server that replays, forwards, meters and records. No learner needs it open."""
