"""What the demos of bureaus and of providers share: names, pictures, filings, a past. All of it is made up.

names      who is in the demo: a number always gives the same person, organisation, place
pictures   attachments, drawn
filings    whole filings, and how to put mistakes into them
past       what the demo's providers uploaded in the last weeks
clock      lets the services live at another time
"""
