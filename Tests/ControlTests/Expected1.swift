/// What `birdc -v` prints for each command of BIRD 1.6.8, less the greeting: `^I` is a TAB, `$` the end of a line.
enum Expected1 {
  static let replies: [(command: String, output: String)] = [
    (
      "show status",
      """
      1000-BIRD 1.6.8$
      1011-Router ID is 1.0.0.1$
           Current server time is 2026-11-22 16:09:45$
           Last reboot on 2026-11-22 16:08:53$
           Last reconfiguration on 2026-11-22 16:08:53$
      0013 Daemon is up and running$
      """
    ),
    (
      "show proto",
      """
      2002-name     proto    table    state  since       info$
      1002-device1  Device   master   up     16:08:53    $
           kernel1  Kernel   master   up     16:08:53    $
           ST       Static   master   up     16:08:53    $
           PRIVATE  OSPF     master   up     16:08:53    Running$
           IBGP_X   BGP      master   up     16:08:55    Established   $
      """
    ),
    (
      "show protocols all IBGP_X",
      """
      2002-name     proto    table    state  since       info$
      1002-IBGP_X   BGP      master   up     16:08:55    Established   $
      1006-  Preference:     160$
             Input filter:   ACCEPT$
             Output filter:  ACCEPT$
             Routes:         2 imported, 3 exported, 1 preferred$
             Route change stats:     received   rejected   filtered    ignored   accepted$
               Import updates:              2          0          0          0          2$
               Import withdraws:            0          0        ---          0          0$
               Export updates:              4          1          0        ---          3$
               Export withdraws:            0        ---        ---        ---          0$
             BGP state:          Established$
               Neighbor address: 2001:db8:ff::1$
               Neighbor AS:      65002$
               Neighbor ID:      1.0.0.2$
               Neighbor caps:    refresh enhanced-refresh restart-aware llgr-aware AS4$
               Session:          external AS4$
               Source address:   2001:db8:ff::$
               Hold timer:       4/6$
               Keepalive timer:  1/2$
           $
      """
    ),
    (
      "show protocols all PRIVATE",
      """
      2002-name     proto    table    state  since       info$
      1002-PRIVATE  OSPF     master   up     16:08:53    Running$
      1006-  Preference:     150$
             Input filter:   ACCEPT$
             Output filter:  ACCEPT$
             Routes:         3 imported, 3 exported, 1 preferred$
             Route change stats:     received   rejected   filtered    ignored   accepted$
               Import updates:              3          0          0          0          3$
               Import withdraws:            0          0        ---          0          0$
               Export updates:              7          1          0        ---          6$
               Export withdraws:            2        ---        ---        ---          2$
           $
      """
    ),
    (
      "show protocols all kernel1",
      """
      2002-name     proto    table    state  since       info$
      1002-kernel1  Kernel   master   up     16:08:53    $
      1006-  Preference:     10$
             Input filter:   ACCEPT$
             Output filter:  ACCEPT$
             Routes:         0 imported, 6 exported, 0 preferred$
             Route change stats:     received   rejected   filtered    ignored   accepted$
               Import updates:              0          0          0          0          0$
               Import withdraws:            0          0        ---          0          0$
               Export updates:              9          1          0        ---          8$
               Export withdraws:            2        ---        ---        ---          2$
           $
      """
    ),
    (
      "show route",
      """
      1007-2001:db8:b1::/48   unreachable [ST 16:08:53] * (200)$
                              via fe80::24d4:cdff:feea:d516 on ve2A [PRIVATE 16:09:37] E2 (150/10/10000) [1.0.0.2]$
           2001:db8:b2::/48   via 2001:db8:ff::1 on veA [IBGP_X 16:08:55] * (160) [AS65002i]$
                              via fe80::24d4:cdff:feea:d516 on ve2A [PRIVATE 16:09:37] E2 (150/10/10000) [1.0.0.2]$
           2001:db8:c1::/48   via 2001:db8:ff::1 on veA [ST 16:08:54] * (200)$
                              via 2001:db8:ff::1 on veA [IBGP_X 16:09:38] (160) [AS65002?]$
           2001:db8:c2::/48   via fe80::24d4:cdff:feea:d516 on ve2A [PRIVATE 16:09:37] * E2 (150/10/10000) [1.0.0.2]$
      """
    ),
    (
      "show route all 2001:db8:b2::/48",
      """
      1007-2001:db8:b2::/48   via 2001:db8:ff::1 on veA [IBGP_X 16:08:55] * (160) [AS65002i]$
      1008-^IType: BGP unicast univ$
      1012-^IBGP.origin: IGP$
           ^IBGP.as_path: 65002$
           ^IBGP.next_hop: 2001:db8:ff::1 fe80::2c2e:3eff:fe0a:c0b3$
           ^IBGP.local_pref: 100$
      1007-                   via fe80::24d4:cdff:feea:d516 on ve2A [PRIVATE 16:09:37] E2 (150/10/10000) [1.0.0.2]$
      1008-^IType: OSPF-E2 unicast univ$
      1012-^IOSPF.metric1: 10$
           ^IOSPF.metric2: 10000$
           ^IOSPF.tag: 0x00000000$
           ^IOSPF.router_id: 1.0.0.2$
      """
    ),
    (
      "show route count",
      """
      0014 7 of 7 routes for 4 networks$
      """
    ),
    (
      "show route for 2001:db8:a2::5",
      """
      8001 Network not in table$
      """
    ),
    (
      "show route 2001:db8:dead::/48",
      """
      8001 Network not in table$
      """
    ),
    (
      "show interfaces",
      """
      1001-lo up (index=1)$
      1004-^IMultiAccess AdminUp LinkUp Loopback Ignored MTU=65536$
      1003-^I::1/128 (Primary, scope host)$
      1001-veA up (index=2)$
      1004-^IMultiAccess Broadcast Multicast AdminUp LinkUp MTU=1500$
      1003-^I2001:db8:ff::/127 (Primary, opposite 2001:db8:ff::1, scope univ)$
           ^Ife80::fc5f:8aff:fe36:f2fb/64 (Unselected, scope link)$
      1001-ve2A up (index=3)$
      1004-^IMultiAccess Broadcast Multicast AdminUp LinkUp MTU=1500$
      1003-^Ife80::ac7f:26ff:fe23:5f2/64 (Primary, scope link)$
      """
    ),
    (
      "show interfaces summary",
      """
      2005-interface state address$
      1005-lo        up    ::1/128$
           veA       up    2001:db8:ff::/127$
           ve2A      up    fe80::ac7f:26ff:fe23:5f2/64$
      """
    ),
    (
      "show ospf",
      """
      1014-PRIVATE:$
           RFC1583 compatibility: disabled$
           Stub router: No$
           RT scheduler tick: 1$
           Number of areas: 1$
           Number of LSAs in DB:^I14$
           ^IArea: 0.0.0.0 (0) [BACKBONE]$
           ^I^IStub:^INo$
           ^I^INSSA:^INo$
           ^I^ITransit:^INo$
           ^I^INumber of interfaces:^I1$
           ^I^INumber of neighbors:^I1$
           ^I^INumber of adjacent neighbors:^I1$
      """
    ),
    (
      "show ospf neighbors",
      """
      1013-PRIVATE:$
           Router ID   ^IPri^I     State     ^IDTime^IInterface  Router IP   $
           1.0.0.2^I  1^IFull/DR   ^I00:39^Ive2A       fe80::24d4:cdff:feea:d516              $
      """
    ),
    (
      "show ospf interface",
      """
      1015-PRIVATE:$
           Interface ve2A (IID 0)$
           ^IType: broadcast$
           ^IArea: 0.0.0.0 (0)$
           ^IState: Backup$
           ^IPriority: 1$
           ^ICost: 10$
           ^IECMP weight: 1$
           ^IHello timer: 10$
           ^IWait timer: 40$
           ^IDead timer: 40$
           ^IRetransmit timer: 5$
           ^IDesignated router (ID): 1.0.0.2$
           ^IDesignated router (IP): fe80::24d4:cdff:feea:d516$
           ^IBackup designated router (ID): 1.0.0.1$
           ^IBackup designated router (IP): fe80::ac7f:26ff:fe23:5f2$
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
           ^I^Inetwork [1.0.0.2-3] metric 10$
           ^I^Iexternal 2001:db8:b1::/48 metric2 10000$
           ^I^Iexternal 2001:db8:b2::/48 metric2 10000$
           ^I^Iexternal 2001:db8:c1::/48 metric2 10000$
           $
           ^Irouter 1.0.0.2$
           ^I^Idistance 10$
           ^I^Inetwork [1.0.0.2-3] metric 10$
           ^I^Iexternal 2001:db8:b1::/48 metric2 10000$
           ^I^Iexternal 2001:db8:b2::/48 metric2 10000$
           ^I^Iexternal 2001:db8:c2::/48 metric2 10000$
           $
           ^Inetwork [1.0.0.2-3]$
           ^I^Idistance 10$
           ^I^Irouter 1.0.0.2$
           ^I^Irouter 1.0.0.1$
      """
    ),
    (
      "show ospf topology",
      """
      1016-$
           area 0.0.0.0$
           $
           ^Irouter 1.0.0.1$
           ^I^Idistance 0$
           ^I^Inetwork [1.0.0.2-3] metric 10$
           $
           ^Irouter 1.0.0.2$
           ^I^Idistance 10$
           ^I^Inetwork [1.0.0.2-3] metric 10$
           $
           ^Inetwork [1.0.0.2-3]$
           ^I^Idistance 10$
           ^I^Irouter 1.0.0.2$
           ^I^Irouter 1.0.0.1$
      """
    ),
    (
      "show ospf lsadb",
      """
      1017-$
           Global$
           $
            Type   LS ID           Router          Sequence   Age  Checksum$
            4005  157.5.0.0       1.0.0.1          80000001    52    3b31$
            4005  158.6.0.0       1.0.0.1          80000002    46    3038$
            4005  237.117.0.0     1.0.0.1          80000002    47    e0b9$
            4005  157.5.0.0       1.0.0.2          80000002    47    3337$
            4005  158.6.0.0       1.0.0.2          80000001    53    2c3c$
            4005  238.118.0.0     1.0.0.2          80000002    48    d1c4$
           $
           Area 0.0.0.0$
           $
            Type   LS ID           Router          Sequence   Age  Checksum$
            2001  0.0.0.0         1.0.0.1          80000002     9    55b2$
            2009  0.0.0.0         1.0.0.1          80000001    51    0c04$
            2001  0.0.0.0         1.0.0.2          80000002    10    4fb7$
            2009  0.0.0.0         1.0.0.2          80000001    52    14f9$
            2002  0.0.0.3         1.0.0.2          80000001    10    31ec$
            2009  0.0.0.3         1.0.0.2          80000001    10    1aec$
           $
           Link ve2A$
           $
            Type   LS ID           Router          Sequence   Age  Checksum$
            0008  0.0.0.3         1.0.0.1          80000001    50    3d08$
            0008  0.0.0.3         1.0.0.2          80000001    50    70a3$
      """
    ),
    (
      "show static",
      """
      1009-2001:db8:b1::/48 unreachable$
           2001:db8:c1::/48 multipath$
           ^Ivia 2001:db8:ff::1 weight 1$
           ^Ivia 2001:db8:ff::1 weight 1$
      """
    ),
    (
      "show symbols",
      """
      1010-ips_site^Iconstant$
           PRIVATE ^Iprotocol$
           master  ^Irouting table$
           ipt_unspec^Iconstant$
           ipp_xorp^Iconstant$
           ipp_dhcp^Iconstant$
           ipp_bird^Iconstant$
           ipp_boot^Iconstant$
           ipt_main^Iconstant$
           ips_link^Iconstant$
           ipp_isis^Iconstant$
           ips_global^Iconstant$
           ipp_kernel^Iconstant$
           ips_host^Iconstant$
           ips_nowhere^Iconstant$
           ipp_dnrouted^Iconstant$
           IBGP_X  ^Iprotocol$
           kernel1 ^Iprotocol$
           ipp_ntk ^Iconstant$
           ipp_mrt ^Iconstant$
           ipr_cosmos^Iconstant$
           ipp_babel^Iconstant$
           ipp_redirect^Iconstant$
           ipp_keepalived^Iconstant$
           ipt_local^Iconstant$
           ipp_bgp ^Iconstant$
           ipp_zebra^Iconstant$
           ipp_gated^Iconstant$
           ipp_openr^Iconstant$
           ipp_eigrp^Iconstant$
           ipp_rip ^Iconstant$
           device1 ^Iprotocol$
           ipt_default^Iconstant$
           ST      ^Iprotocol$
           ipp_static^Iconstant$
           ipp_ra  ^Iconstant$
           ipp_ospf^Iconstant$
           ipp_unspec^Iconstant$
      """
    ),
    (
      "show memory",
      """
      1018-BIRD memory usage$
           Routing tables:     22 kB$
           Route attributes:   10 kB$
           ROA tables:        192  B$
           Protocols:          82 kB$
           Total:             153 kB$
      """
    ),
    (
      "eval 1+2",
      """
      0023 3$
      """
    ),
    (
      "eval [1,2..5]",
      """
      0023 [1, 2..5]$
      """
    ),
    (
      "bogus cmd",
      """
      No such command. Press `?' for help.$
      """
    ),
    (
      "show bfd sessions",
      """
      9001 There is no BFD protocol running$
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
      "configure confirm",
      """
      0019 Nothing to do$
      """
    ),
    (
      "disable IBGP_X",
      """
      0009-IBGP_X: disabled$
      """
    ),
    (
      "enable IBGP_X",
      """
      0011-IBGP_X: enabled$
      """
    ),
    (
      "reload all",
      """
      8006-device1: reload failed$
      0015-kernel1: reloading$
      8006-ST: reload failed$
      0015-PRIVATE: reloading$
      """
    ),
    (
      "restart nosuch",
      """
      9002 nosuch is not a protocol$
      """
    ),
    (
      "down",
      """
      0007 Shutdown requested$
      """
    ),
  ]
}
