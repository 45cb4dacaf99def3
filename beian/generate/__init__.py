"""Synthetic filings as records, any number of them, for trials and measurements.

    naming      who is in them: a number always gives the same sponsor, never the same as another number
    records     a whole filing as a record
    approved    a filing as its approval leaves it
    progress    how far a long run is, at which rate

Everything is made up, and says so: organisations are called 合成, their domains begin with `example`,
their identity numbers name a county that does not exist.
"""
