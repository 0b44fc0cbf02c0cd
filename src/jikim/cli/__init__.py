"""What an operator types. Effectful: reads the clock once, prints, and calls operations.

One file a command. A command's file imports what it needs when it runs and not when it is named, so that
``jikim --help`` and the shell's completion load nothing but click.
"""
