"""Interoperability tests.

Reading order: system (namespaces, processes), network (hosts and links of a case), daemons (routed and BIRD in a host), control
(their sockets), kernel (routing tables), wire (captured packets), speaker (a BGP speaker of our own), suite (cases, how they run);
then the modules with the cases, which the program `run` lists.
"""
