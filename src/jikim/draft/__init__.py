"""Proposes a policy and a map for a database that has neither: guesses, each with its reason. Pure.

A schema and what a sample of its values looks like go in; a draft comes out that a person finishes. Nothing in it
is a value of the database: of values, only counts and forms leave `values`.
"""
