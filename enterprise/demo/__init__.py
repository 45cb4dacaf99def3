"""The demo of a provider's system (`manage.py load_provider_demo`): every name, number and address in it is made up.

parameters   what a bureau gave the provider, from its `demo.json`
people       the office, an agent, two sponsors
requests     what they ask for
cases        cases in all states that the office can bring them to, and those already with the bureau
manifest     the people, added to `demo.json`
"""
