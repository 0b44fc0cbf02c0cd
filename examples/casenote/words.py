"""Words of the made-up people of CaseNote. Pure."""

TERMS = ("lease deposit", "unfair dismissal", "inheritance", "traffic accident", "trade mark", "divorce")
FOLDERS = ("to read", "leases", "labour", "for the hearing", "old ones")
MEMOS = ("compare with the dissent", "cite this", "see paragraph 3", "client asked for it")
DEVICES = ("Hare/4.1 (Desktop)", "Heron/12.0 (Mobile)", "Otter/7.3 (Tablet)")
PAGES = ("/search", "/case", "/library", "/plans")
QUESTIONS = ("where is the ruling", "invoice wanted", "cannot sign in", "how do I cite")
COMPLAINTS = ("charged twice", "the pass does not work", "refund is late", "my notes are lost")
REASONS = ("never used it", "bought the wrong plan", "found it elsewhere")
ABUSES = ("copied the whole index", "shared one account", "got round the limit")
AD = "new this spring"
