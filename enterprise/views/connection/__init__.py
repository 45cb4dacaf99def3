"""The connection to the bureau (对接配置): parameters, tests, both loops, calls, documents, drift.

own         whose connection it is, and what the pages share
loops       how both loops stand, in a sentence each
overview    the page that one looks at
parameters  changing what the bureau issued
trying      trying the six operations
acts        what gets a loop going again
calls       the calls that were made
outgoing    documents for the bureau
incoming    documents from the bureau
history     what happened to the numbers, and how it was settled
"""
