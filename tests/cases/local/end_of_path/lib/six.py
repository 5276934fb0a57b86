raise ImportError("the installed one goes before")
