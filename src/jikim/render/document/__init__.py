"""The policy as a document that people read, before it has a form: chapters, tables, sentences. Pure."""
