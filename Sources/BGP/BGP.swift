// BGP-4, pure: no sockets, no clock, no table.
//
// How it works. A `Peer` is one configured neighbour: the machine of RFC 4271 §8 with its outgoing and its incoming connection,
// collision detection between the two, and all timers as named deadlines. Its driver (the daemon, a simulation, a test) tells it
// what happened and when, and does what it answers: connect, send, close. In received bytes messages are found and handled in place; an
// UPDATE is decoded once into a reused `RouteAttributes`, and its prefixes stream into a `RouteSink`.
//
// The other way, `ExportRules` says whether a route may go to a peer at all and with which attributes, and `UpdateWriter` packs
// prefixes with equal attributes into as few UPDATEs as possible. Both need only the `SessionParameters`, the value that describes
// an established session.
//
// Where to look: Configuration/ what a user sets · Session/ the machine; Peer+Reconfigure.swift what it takes in place · Message/ OPEN,
// NOTIFICATION, ROUTE-REFRESH and framing · Capability/ one capability, one file: what we announce, what a peer's means, what is agreed on and
// how it is shown · Attribute/ the attributes that have rules of their own; `BGPAttribute` of RouteCore has a row for each · Update/ whole
// UPDATEs and export rules.
//
// Standards: RFC 4271 (BGP-4), 4760 and 2545 (IPv6), 8950 and 4798 (next hops of the other family), 6793 (four-octet AS numbers), 5492 and
// 9072 (capabilities), 2918 and 7313 (route refresh), 4456 (reflection), 5065 (confederations), 9234 (roles), 1997, 4360, 8092
// (communities), 6472 (AS_SETs), 7606 and 7607 (errors in UPDATEs), 4486, 8203/9003, 6608, 8538 (NOTIFICATION codes), 8654 (extended
// messages), 4724 and 9494 (graceful restart and its long-lived form), 9687 (send hold timer), draft-walton-bgp-hostname-capability.
