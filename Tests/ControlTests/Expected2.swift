/// What `birdc -v` prints for each command of BIRD 2.0.12, less the greeting: `^I` is a TAB, `$` the end of a line.
enum Expected2 {
  static let replies: [(command: String, output: String)] = [
    (
      "show status",
      """
      1000-BIRD 2.0.12$
      1011-Router ID is 1.0.0.1$
           Hostname is vm$
           Current server time is 2026-11-22 16:10:39.423$
           Last reboot on 2026-11-22 16:10:25.413$
           Last reconfiguration on 2026-11-22 16:10:25.413$
      0013 Daemon is up and running$
      """
    ),
    (
      "show proto",
      """
      2002-Name       Proto      Table      State  Since         Info$
      1002-device1    Device     ---        up     16:10:25.413  $
           kernel1    Kernel     master6    up     16:10:25.413  $
           ST         Static     master6    up     16:10:25.413  $
           PRIVATE    OSPF       master6    up     16:10:25.413  Running$
           IBGP_X     BGP        ---        up     16:10:26.227  Established   $
      """
    ),
    (
      "show protocols all IBGP_X",
      """
      2002-Name       Proto      Table      State  Since         Info$
      1002-IBGP_X     BGP        ---        up     16:10:26.227  Established   $
      1006-  BGP state:          Established$
               Neighbor address: 2001:db8:ff::1$
               Neighbor AS:      65002$
               Local AS:         65001$
               Neighbor ID:      1.0.0.2$
               Local capabilities$
                 Multiprotocol$
                   AF announced: ipv6$
                 Route refresh$
                 Graceful restart$
                 4-octet AS numbers$
                 Enhanced refresh$
                 Long-lived graceful restart$
               Neighbor capabilities$
                 Multiprotocol$
                   AF announced: ipv6$
                 Route refresh$
                 Graceful restart$
                 4-octet AS numbers$
                 Enhanced refresh$
                 Long-lived graceful restart$
               Session:          external AS4$
               Source address:   2001:db8:ff::$
               Hold timer:       4.442/6$
               Keepalive timer:  0.634/2$
             Channel ipv6$
               State:          UP$
               Table:          master6$
               Preference:     160$
               Input filter:   ACCEPT$
               Output filter:  ACCEPT$
               Routes:         1 imported, 1 exported, 1 preferred$
               Route change stats:     received   rejected   filtered    ignored   accepted$
                 Import updates:              1          0          0          0          1$
                 Import withdraws:            0          0        ---          0          0$
                 Export updates:              2          1          0        ---          1$
                 Export withdraws:            0        ---        ---        ---          0$
               BGP Next hop:   2001:db8:ff::$
           $
      """
    ),
    (
      "show protocols all PRIVATE",
      """
      2002-Name       Proto      Table      State  Since         Info$
      1002-PRIVATE    OSPF       master6    up     16:10:25.413  Running$
      1006-  Channel ipv6$
               State:          UP$
               Table:          master6$
               Preference:     150$
               Input filter:   ACCEPT$
               Output filter:  ACCEPT$
               Routes:         2 imported, 2 exported, 0 preferred$
               Route change stats:     received   rejected   filtered    ignored   accepted$
                 Import updates:              2          0          0          0          2$
                 Import withdraws:            0          0        ---          0          0$
                 Export updates:              2          0          0        ---          2$
                 Export withdraws:            0        ---        ---        ---          0$
           $
      """
    ),
    (
      "show protocols all kernel1",
      """
      2002-Name       Proto      Table      State  Since         Info$
      1002-kernel1    Kernel     master6    up     16:10:25.413  $
      1006-  Channel ipv6$
               State:          UP$
               Table:          master6$
               Preference:     10$
               Input filter:   ACCEPT$
               Output filter:  ACCEPT$
               Routes:         0 imported, 2 exported, 0 preferred$
               Route change stats:     received   rejected   filtered    ignored   accepted$
                 Import updates:              0          0          0          0          0$
                 Import withdraws:            0          0        ---          0          0$
                 Export updates:              3          0          0        ---          3$
                 Export withdraws:            0        ---        ---        ---          0$
           $
      """
    ),
    (
      "show route",
      """
      1007-Table master6:$
           2001:db8:b1::/48     unreachable [ST 16:10:25.413] * (200)$
                                unicast [PRIVATE 16:10:31.513] E2 (150/10/10000) [1.0.0.2]$
           ^Ivia fe80::18dc:d7ff:fe61:f36a on ve2A$
           2001:db8:b2::/48     unicast [IBGP_X 16:10:26.372] * (160) [AS65002i]$
           ^Ivia 2001:db8:ff::1 on veA$
                                unicast [PRIVATE 16:10:31.513] E2 (150/10/10000) [1.0.0.2]$
           ^Ivia fe80::18dc:d7ff:fe61:f36a on ve2A$
      """
    ),
    (
      "show route all 2001:db8:b2::/48",
      """
      1007-Table master6:$
           2001:db8:b2::/48     unicast [IBGP_X 16:10:26.372] * (160) [AS65002i]$
           ^Ivia 2001:db8:ff::1 on veA$
      1008-^IType: BGP univ$
      1012-^IBGP.origin: IGP$
           ^IBGP.as_path: 65002$
           ^IBGP.next_hop: 2001:db8:ff::1$
           ^IBGP.local_pref: 100$
      1007-                     unicast [PRIVATE 16:10:31.513] E2 (150/10/10000) [1.0.0.2]$
           ^Ivia fe80::18dc:d7ff:fe61:f36a on ve2A$
      1008-^IType: OSPF-E2 univ$
      1012-^IOSPF.metric1: 10$
           ^IOSPF.metric2: 10000$
           ^IOSPF.tag: 0x00000000$
           ^IOSPF.router_id: 1.0.0.2$
      """
    ),
    (
      "show route count",
      """
      1007-0 of 0 routes for 0 networks in table master4$
           4 of 4 routes for 2 networks in table master6$
      0014 Total: 4 of 4 routes for 2 networks in 2 tables$
      """
    ),
    (
      "show route 2001:db8:dead::/48",
      """
      8001 Network not found$
      """
    ),
    (
      "show interfaces",
      """
      1001-lo up (index=1)$
      1004-^IMultiAccess AdminUp LinkUp Loopback Ignored MTU=65536$
      1003-^I127.0.0.1/8 (Preferred, scope host)$
           ^I::1/128 (Preferred, scope host)$
      1001-veA up (index=2)$
      1004-^IMultiAccess Broadcast Multicast AdminUp LinkUp MTU=1500$
      1003-^I2001:db8:ff::/127 (Preferred, opposite 2001:db8:ff::1, scope univ)$
           ^Ife80::7cae:fbff:fec1:67f2/64 (Preferred, scope link)$
      1001-ve2A up (index=3)$
      1004-^IMultiAccess Broadcast Multicast AdminUp LinkUp MTU=1500$
      1003-^Ife80::a453:deff:fe10:fcba/64 (Preferred, scope link)$
      """
    ),
    (
      "show interfaces summary",
      """
      2005-Interface  State  IPv4 address       IPv6 address$
      1005-lo         up     127.0.0.1/8        ::1/128$
           veA        up                        2001:db8:ff::/127$
           ve2A       up                        $
      """
    ),
    (
      "show ospf neighbors",
      """
      1013-PRIVATE:$
           Router ID   ^IPri^I     State     ^IDTime^IInterface  Router IP$
           1.0.0.2     ^I  1^IFull/PtP  ^I 3.454^Ive2A       fe80::18dc:d7ff:fe61:f36a$
      """
    ),
    (
      "show ospf interface",
      """
      1015-PRIVATE:$
           Interface ve2A (IID 0)$
           ^IType: ptp$
           ^IArea: 0.0.0.0 (0)$
           ^IState: PtP$
           ^IPriority: 1$
           ^ICost: 10$
           ^IECMP weight: 1$
           ^IHello timer: 1$
           ^IWait timer: 4$
           ^IDead timer: 4$
           ^IRetransmit timer: 5$
      """
    ),
    (
      "show ospf state",
      """
      1016-$
           area 0.0.0.0$
           $
           ^Irouter 1.0.0.1$
           ^I^Idistance 0$
           ^I^Irouter 1.0.0.2 metric 10$
           ^I^Iexternal 2001:db8:b1::/48 metric2 10000$
           ^I^Iexternal 2001:db8:b2::/48 metric2 10000$
           $
           ^Irouter 1.0.0.2$
           ^I^Idistance 10$
           ^I^Irouter 1.0.0.1 metric 10$
           ^I^Iexternal 2001:db8:b2::/48 metric2 10000$
           ^I^Iexternal 2001:db8:b1::/48 metric2 10000$
      """
    ),
    (
      "show memory",
      """
      1018-BIRD memory usage$
                             Effective    Overhead$
           Routing tables:     19.6 kB   9240.0  B$
           Route attributes: 1446.0  B   9040.0  B$
           Protocols:          66.5 kB     27.6 kB$
           Current config:     16.1 kB    520.0  B$
           Standby memory:      0.0  B     36.0 kB$
           Total:             122.9 kB     87.7 kB$
      """
    ),
    (
      "bogus",
      """
      No such command. Press `?' for help.$
      """
    ),
    (
      "configure check",
      """
      0002-Reading configuration from /etc/bird/a.conf$
      0020 Configuration OK$
      """
    ),
    (
      "configure",
      """
      0002-Reading configuration from /etc/bird/a.conf$
      0003 Reconfigured$
      """
    ),
    (
      "disable IBGP_X",
      """
      0009-IBGP_X: disabled$
      """
    ),
    (
      "reload all",
      """
      0015-device1: reloading$
           kernel1: reloading$
           ST: reloading$
           PRIVATE: reloading$
      0008-IBGP_X: already disabled$
      """
    ),
  ]
}
