"""나와의 대화 (talk with me), where people write to themselves as in a chat: a SQLite file and six years of lives.

The application knows nothing of jikim. Nobody in here is real.
"""
