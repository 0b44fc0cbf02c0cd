"""Plask, a motion-capture service: its database, its application, and six years of made-up people.

The application knows nothing of jikim. Nobody in here is real: names are put together from syllables,
addresses end in ``.example``, telephone numbers and IP addresses come from ranges nobody is given.
"""
