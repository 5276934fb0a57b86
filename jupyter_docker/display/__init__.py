"""Displays of one event stream: each is an ``Emit`` and a context manager.

``terminal.TerminalDisplay`` for people at a shell, ``jsonlines.JsonDisplay`` for programs, ``html.HtmlDisplay`` for a
notebook's cell; ``table.TableView`` shows rows (ps, images, doctor, …) in all three places. Nothing is imported here,
so that a face pays only for the display it uses.
"""
