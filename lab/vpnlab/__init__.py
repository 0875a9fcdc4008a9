"""The route-based VPN lab: three sites, a mesh of interconnects, BGP and OSPFv3 between them.

Reading order: topology (what there is), configuration (the daemons' files), system (namespaces, processes), network and
tunnels (the kernel's side), daemons and control (the daemons' side), kernel and flows (what is observed), checks (what the
lab must show when nothing moves), events (what it must show when something breaks).
"""
