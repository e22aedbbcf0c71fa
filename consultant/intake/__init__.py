"""Mail in: the poller fills the ledger, and receiving opens or joins a case."""
