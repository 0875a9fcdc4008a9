/// What the views of `Rich` look like: TABs as `^I`, ends of lines as `$`.
enum Golden {
  static let bird1 = #"""
    1000-BIRD 1.6.8$
    1011-Router ID is 1.0.0.1$
     Current server time is 2026-11-22 16:09:45$
     Last reboot on 2026-11-22 16:08:53$
     Last reconfiguration on 2026-11-22 16:08:53$
    0024-Graceful restart recovery in progress$
       Waiting for 3 protocols to recover$
       Wait timer is 62/240$
    0013 Shutdown in progress$
    ===$
    1001-eth0.100.long DOWN (index=12 master=br0)$
    1004-^IMultiAccess Broadcast Multicast AdminUp LinkDown MTU=9000$
    1003-^I10.0.0.1/24 (Primary, scope site)$
     ^I10.0.0.2/24 (Secondary, scope site)$
     ^Ife80::1/64 (Unselected, scope link)$
     ^I2001:db8::1/64 (Primary, scope univ)$
    1001-ppp0 up (index=13)$
    1004-^IPtP AdminUp LinkUp MTU=1492$
    0000 $
    ===$
    2005-interface state address$
    1005-eth0.100.long DOWN  10.0.0.1/24$
     ppp0      up    $
    0000 $
    ===$
    2002-name     proto    table    state  since       info$
    1002-a_long_name BGP      t_long_name up     16:08:55    Established   $
     B2       BGP      master   start  16:08:55    Active        BGP Error: Hold timer expired$
     B3       BGP      master   start  16:08:55    Idle          Automatic shutdown: Route limit exceeded$
     O        OSPF     master6  up     16:08:55    Alone$
    0000 $
    ===$
    2002-name     proto    table    state  since       info$
    1002-a_long_name BGP      t_long_name up     16:08:55    Established   $
    1006-  Preference:     100$
       Input filter:   ACCEPT$
       Output filter:  ACCEPT$
       GR recovery:    pending waiting$
       Receive limit:  100$
         Action:       warn$
       Import limit:   5 [HIT]$
         Action:       restart$
       Export limit:   7$
         Action:       disable$
       Routes:         5 imported, 2 filtered, 6 exported, 4 preferred$
       Route change stats:     received   rejected   filtered    ignored   accepted$
         Import updates:              1          2          3          4          5$
         Import withdraws:            6          7        ---          9         10$
         Export updates:             11         12         13        ---         15$
         Export withdraws:           16        ---        ---        --- 4294967295$
       BGP state:          Established$
         Neighbor address: fe80::2%eth0$
         Neighbor AS:      4200000001$
         Neighbor ID:      1.0.0.2$
         Neighbor caps:    add-path-tx$
         Session:          external multihop route-reflector route-server AS4 add-path-rx add-path-tx ext-messages$
         Source address:   fe80::1$
         Hold timer:       61/180$
         Keepalive timer:  0/0$
     $
    1002-B2       BGP      master   start  16:08:55    Active        BGP Error: Hold timer expired$
    1006-  Preference:     100$
       Input filter:   f$
       Output filter:  REJECT$
       Routes:         0 imported, 0 exported, 0 preferred$
       Route change stats:     received   rejected   filtered    ignored   accepted$
         Import updates:              0          0          0          0          0$
         Import withdraws:            0          0        ---          0          0$
         Export updates:              0          0          0        ---          0$
         Export withdraws:            0        ---        ---        ---          0$
       BGP state:          Active$
         Neighbor address: 10.0.0.2$
         Neighbor AS:      65002$
         Neighbor graceful restart active$
         Restart timer:    13/-$
         LL stale timer:   3/-$
         Last error:       BGP Error: Hold timer expired$
     $
    1002-B3       BGP      master   start  16:08:55    Idle          Automatic shutdown: Route limit exceeded$
    1006-  Message:        wait$
       VRF:            blue$
       BGP state:          Idle$
         Neighbor address: 10.0.0.3$
         Neighbor AS:      65002$
         Error wait:       60/60$
         Connect delay:    1/5$
         Last error:       Automatic shutdown: Route limit exceeded$
     $
    1002-O        OSPF     master6  up     16:08:55    Alone$
    1006-$
    0000 $
    ===$
    1013-O:$
     Router ID   ^IPri^I     State     ^IDTime^IInterface  Router IP   $
     100.100.100.200^I  0^IExStart/BDR  ^I02:05^Ia_long_interface fe80::24d4:cdff:feea:d516              $
     1.0.0.3^I255^I2-Way/Other^I00:00^Ie0         10.0.0.9       $
     P:$
     Router ID   ^IPri^I     State     ^IDTime^IInterface  Router IP   $
    0000 $
    ===$
    1020-B:$
     IP address                Interface  State      Since       Interval  Timeout$
     2001:db8::1               eth0       Up         18:34:59      0.100    1.500$
     C: is not up$
    0000 $
    ===$
    1007-2001:db8:b1::/48   multipath [B 10:00:00 from 2001:db8::1] ! (100s/20) [?]$
     ^Ivia fe80::1 on eth0 onlink weight 1$
     ^Ivia 2001:db8::9 on eth1 weight 7$
                        via fe80::1 on eth0 [B2 10:00:00] (100-/?) [AS65002e]$
     2001:db8:b2::/48   unreachable [B2 10:00:00 from 2001:db8::1] (100/-) [i]$
     2001:db8:c1::/48   via fe80::1 on e0 [O 10:00:00] * E1 (150/10) [1.0.0.2]$
     2001:db8:c2::/48   via fe80::1 on e0 [O 10:00:00] IA (150/9) [1.0.0.3]$
     2001:db8:c3::/48   via fe80::1 on e0 [O 10:00:00] E2 (150/10/77) [beef] [1.0.0.2]$
     10.0.0.0/24        dev e0 [D 10:00:00] (240)$
     2001:db8:c1::/48   via fe80::1 on e0 [O 10:00:00] * E1 (150/10) [1.0.0.2]$
    0000 $
    ===$
    1007-2001:db8:b1::/48   multipath [B 10:00:00 from 2001:db8::1] ! (100s/20) [?]$
     ^Ivia fe80::1 on eth0 onlink weight 1$
     ^Ivia 2001:db8::9 on eth1 weight 7$
    1008-^IType: BGP unicast univ$
     ^IKernel error: No buffer space available$
    1012-^IBGP.origin: Incomplete$
     ^IBGP.as_path: 65002 { 1 2 } ( 3 ) ({ 4 })$
     ^IBGP.next_hop: 2001:db8::1 fe80::b$
     ^IBGP.med: 7$
     ^IBGP.local_pref: 100$
     ^IBGP.atomic_aggr: $
     ^IBGP.aggregator: 10.0.0.1 AS65001$
     ^IBGP.community: (1,2) (65535,65281)$
     ^IBGP.originator_id: 1.0.0.1$
     ^IBGP.cluster_list: 1.0.0.1 1.0.0.2$
     ^IBGP.ext_community: (rt, 1, 2) (ro, 10.0.0.1, 5)$
     ^IBGP.1a: 01 00 0b 00 00 00 00 00 00 00 09$
     ^IBGP.large_community: (1, 2, 3)$
     ^IBGP.23 [t]: 00 00 fd e9$
     ^IBGP.63 [t]: 01 ab$
     ^IKernel.metric: 44$
     ^IKernel.prefsrc: 2001:db8::5$
     ^Ic: 167772167$
     ^Ic: 10.0.0.7$
     ^Ic: 10.0.0.7$
     ^Ic: 0a 00 00 07$
     ^Ic: ????$
     ^Iattribute 5: 167772167$
    1007-                   via fe80::1 on eth0 [B2 10:00:00] (100-/?) [AS65002e]$
    1008-^IType: BGP unicast univ$
    1012-^IBGP.origin: EGP$
     ^IBGP.as_path: 65002$
     ^IBGP.local_pref: 100$
    1007-2001:db8:b2::/48   unreachable [B2 10:00:00 from 2001:db8::1] (100/-) [i]$
    1008-^IType: BGP unicast univ$
    1012-^IBGP.origin: IGP$
     ^IBGP.as_path: $
     ^IBGP.local_pref: 100$
    1007-2001:db8:c1::/48   via fe80::1 on e0 [O 10:00:00] * E1 (150/10) [1.0.0.2]$
    1008-^IType: OSPF-E1 unicast univ$
    1012-^IOSPF.metric1: 10$
     ^IOSPF.metric2: 0$
     ^IOSPF.tag: 0x00000000$
     ^IOSPF.router_id: 1.0.0.2$
    1007-2001:db8:c2::/48   via fe80::1 on e0 [O 10:00:00] IA (150/9) [1.0.0.3]$
    1008-^IType: OSPF-IA unicast univ$
    1012-^IOSPF.metric1: 9$
     ^IOSPF.metric2: 16777215$
     ^IOSPF.tag: 0x00000000$
     ^IOSPF.router_id: 1.0.0.3$
    1007-2001:db8:c3::/48   via fe80::1 on e0 [O 10:00:00] E2 (150/10/77) [beef] [1.0.0.2]$
    1008-^IType: OSPF-E2 unicast univ$
    1012-^IOSPF.metric1: 10$
     ^IOSPF.metric2: 77$
     ^IOSPF.tag: 0x0000beef$
     ^IOSPF.router_id: 1.0.0.2$
    1007-10.0.0.0/24        dev e0 [D 10:00:00] (240)$
    1008-^IType: device unicast link$
    1007-2001:db8:c1::/48   via fe80::1 on e0 [O 10:00:00] * E1 (150/10) [1.0.0.2]$
    1008-^IType: OSPF-E1 unicast univ$
    1012-^IOSPF.metric1: 10$
     ^IOSPF.metric2: 0$
     ^IOSPF.tag: 0x00000000$
     ^IOSPF.router_id: 1.0.0.2$
    0000 $
    ===$
    1007-2001:db8:b1::/48   multipath [B 10:00:00 from 2001:db8::1] ! (100s/20) [?]$
     ^Ivia fe80::1 on eth0 onlink weight 1$
     ^Ivia 2001:db8::9 on eth1 weight 7$
                        via fe80::1 on eth0 [B2 10:00:00] (100-/?) [AS65002e]$
     2001:db8:b2::/48   unreachable [B2 10:00:00 from 2001:db8::1] (100/-) [i]$
     2001:db8:c1::/48   via fe80::1 on e0 [O 10:00:00] * E1 (150/10) [1.0.0.2]$
     2001:db8:c2::/48   via fe80::1 on e0 [O 10:00:00] IA (150/9) [1.0.0.3]$
     2001:db8:c3::/48   via fe80::1 on e0 [O 10:00:00] E2 (150/10/77) [beef] [1.0.0.2]$
     10.0.0.0/24        dev e0 [D 10:00:00] (240)$
     2001:db8:c1::/48   via fe80::1 on e0 [O 10:00:00] * E1 (150/10) [1.0.0.2]$
    0014 8 of 8 routes for 7 networks$
    ===$
    0014 8 of 8 routes for 7 networks$
    ===$
    1018-BIRD memory usage$
     Routing tables:    118 MB$
     Protocols:        9999  B$
     Total:              11 GB$
    0000 $
    ===$
    1014-O:$
     RFC1583 compatibility: enabled$
     Stub router: Yes$
     RT scheduler tick: 2$
     Number of areas: 4$
     Number of LSAs in DB:^I17$
     ^IArea: 0.0.0.0 (0) [BACKBONE]$
     ^I^IStub:^INo$
     ^I^INSSA:^INo$
     ^I^ITransit:^IYes$
     ^I^INumber of interfaces:^I2$
     ^I^INumber of neighbors:^I3$
     ^I^INumber of adjacent neighbors:^I1$
     ^IArea: 0.0.0.2 (2) $
     ^I^IStub:^IYes$
     ^I^INSSA:^INo$
     ^I^ITransit:^INo$
     ^I^INumber of interfaces:^I0$
     ^I^INumber of neighbors:^I0$
     ^I^INumber of adjacent neighbors:^I0$
     ^I^IArea networks:$
     ^I^I^I       10.0.0.0/8^IHidden^IActive$
     ^IArea: 10.0.0.0 (167772160) $
     ^I^IStub:^INo$
     ^I^INSSA:^IYes$
     ^I^ITransit:^INo$
     ^I^INSSA translation:^IYes (run down)$
     ^I^INumber of interfaces:^I1$
     ^I^INumber of neighbors:^I0$
     ^I^INumber of adjacent neighbors:^I0$
     ^I^IArea networks:$
     ^I^I^I                           2001:db8:1::/48^IAdvertise^I$
     ^I^IArea external networks:$
     ^I^I^I                           2001:db8:3::/48^IHidden^IActive$
     ^IArea: 10.0.0.1 (167772161) $
     ^I^IStub:^INo$
     ^I^INSSA:^IYes$
     ^I^ITransit:^INo$
     ^I^INSSA translation:^INo$
     ^I^INumber of interfaces:^I1$
     ^I^INumber of neighbors:^I0$
     ^I^INumber of adjacent neighbors:^I0$
     ^I^IArea external networks:$
     ^I^I^I       10.1.0.0/16^IAdvertise^IActive$
     P:$
     RFC1583 compatibility: disabled$
     Stub router: No$
     RT scheduler tick: 1$
     Number of areas: 0$
     Number of LSAs in DB:^I0$
    0000 $
    ===$
    1015-O:$
     Virtual link vlink1 to 1.0.0.9$
     ^IPeer IP: 2001:db8::9$
     ^ITransit area: 0.0.0.1 (1)$
     ^IState: PtP$
     ^IPriority: 1$
     ^ICost: 30$
     ^IHello timer: 10$
     ^IWait timer: 40$
     ^IDead timer: 40$
     ^IRetransmit timer: 5$
     Interface e0 (IID 7)$
     ^IType: broadcast$
     ^IArea: 0.0.0.1 (1)$
     ^IState: DROther (stub)$
     ^IPriority: 1$
     ^ICost: 10$
     ^IHello timer: 10$
     ^IWait timer: 40$
     ^IDead timer: 40$
     ^IRetransmit timer: 5$
     ^IDesignated router (ID): 1.0.0.2$
     ^IDesignated router (IP): fe80::2$
     ^IBackup designated router (ID): 0.0.0.0$
     ^IBackup designated router (IP): ::$
    0000 $
    ===$
    1016-$
     area 0.0.0.1$
     $
     ^Irouter 1.0.0.1$
     ^I^Idistance 0$
     ^I^Ivlink 1.0.0.9 metric 7$
    0000 $
    ===$
    1016-$
     area 0.0.0.1$
     $
     ^Irouter 1.0.0.1$
     ^I^Idistance 0$
     ^I^Ivlink 1.0.0.9 metric 7$
     ^I^Istubnet 2001:db8:5::/64 metric 10$
     ^I^Iaddress 2001:db8::1/128$
     ^I^Ixnetwork 2001:db8:6::/64 metric 20$
     ^I^Ixrouter 1.0.0.7 metric 30$
     ^I^Iexternal 2001:db8:7::/64 metric 40 via 2001:db8::7 tag 00000abc$
     ^I^Inssa-ext 2001:db8:8::/64 metric2 50$
     $
     ^Irouter 9.9.9.9$
     ^I^Iunreachable$
     $
     other ASBRs$
     $
     ^Irouter 8.8.8.8$
     ^I^Iexternal ::/0 metric2 1$
    0000 $
    ===$
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
    0000 $
    ===$
    1009-10.0.0.0/8 prohibited$
     10.1.0.0/16 via fe80::1%e0 (bfd)$
     10.2.0.0/16 multipath$
     ^Ivia 10.0.0.1 weight 3 (bfd)$
     ^Idev e1 weight 256 (dormant)$
     10.3.0.0/16 multipath$
     $
    0000 $
    ===$
    1010-a_name_that_is_long^Iprotocol template$
     x       ^IROA table$
     y       ^Icustom attribute$
    0000 $
    ===$
    1010 a_name_that_is_long^Iprotocol template$
    """#
  static let bird2 = #"""
    1000-BIRD 2.0.12$
    1011-Router ID is 1.0.0.1$
     Hostname is vm$
     Current server time is 2026-11-22 16:09:45.000$
     Last reboot on 2026-11-22 16:08:53.000$
     Last reconfiguration on 2026-11-22 16:08:53.000$
    0024-Graceful restart recovery in progress$
       Waiting for 3 channels to recover$
       Wait timer is 61.250/240$
    0013 Shutdown in progress$
    ===$
    1001-eth0.100.long down (index=12 master=br0)$
    1004-^IMultiAccess Broadcast Multicast AdminUp LinkDown MTU=9000$
    1003-^I10.0.0.2/24 (Secondary, scope site)$
     ^I10.0.0.1/24 (Preferred, scope site)$
     ^Ife80::1/64 (Preferred, scope link)$
     ^I2001:db8::1/64 (Preferred, scope univ)$
    1001-ppp0 up (index=13)$
    1004-^IPtP AdminUp LinkUp MTU=1492$
    0000 $
    ===$
    2005-Interface  State  IPv4 address       IPv6 address$
    1005-eth0.100.long down   10.0.0.1/24        2001:db8::1/64$
     ppp0       up                        $
    0000 $
    ===$
    2002-Name       Proto      Table      State  Since         Info$
    1002-a_long_name BGP        t_long_name up     16:08:55.025  Established   $
     B2         BGP        ---        start  16:08:55.000  Active        BGP Error: Hold timer expired$
     B3         BGP        ---        start  16:08:55.000  Idle          Automatic shutdown: Route limit exceeded$
     O          OSPF       master6    up     16:08:55.000  Alone$
    0000 $
    ===$
    2002-Name       Proto      Table      State  Since         Info$
    1002-a_long_name BGP        t_long_name up     16:08:55.025  Established   $
    1006-  BGP state:          Established$
         Neighbor address: fe80::2%eth0$
         Neighbor AS:      4200000001$
         Local AS:         65001$
         Neighbor ID:      1.0.0.2$
         Local capabilities$
           Multiprotocol$
             AF announced: ipv4 ipv6$
           Route refresh$
           Extended next hop$
             IPv6 nexthop: ipv4$
           Extended message$
           Graceful restart$
             Restart time: 120$
             Restart recovery$
             AF supported: ipv6$
             AF preserved: ipv6$
           4-octet AS numbers$
           ADD-PATH$
             RX: ipv6$
             TX:$
           Enhanced refresh$
           Long-lived graceful restart$
             LL stale time: 3600$
             AF supported: ipv6$
             AF preserved:$
           Hostname: here$
           Role: customer$
         Neighbor capabilities$
           ADD-PATH$
             RX:$
             TX: ipv4$
         Session:          external multihop route-reflector route-server AS4$
         Source address:   fe80::1$
         Hold timer:       60.001/180$
         Keepalive timer:  0.000/0$
       Channel ipv6$
         State:          UP$
         Table:          master$
         Preference:     100$
         Input filter:   ACCEPT$
         Output filter:  ACCEPT$
         GR recovery:    pending waiting$
         Receive limit:  100$
           Action:       warn$
         Import limit:   5 [HIT]$
           Action:       restart$
         Export limit:   7$
           Action:       disable$
         Routes:         5 imported, 2 filtered, 6 exported, 4 preferred$
         Route change stats:     received   rejected   filtered    ignored   accepted$
           Import updates:              1          2          3          4          5$
           Import withdraws:            6          7        ---          9         10$
           Export updates:             11         12         13        ---         15$
           Export withdraws:           16        ---        ---        --- 4294967295$
         BGP Next hop:   2001:db8::1 fe80::1$
         IGP IPv4 table: master4$
         IGP IPv6 table: igp6$
     $
    1002-B2         BGP        ---        start  16:08:55.000  Active        BGP Error: Hold timer expired$
    1006-  BGP state:          Active$
         Neighbor address: 10.0.0.2$
         Neighbor AS:      65002$
         Local AS:         65001$
         Neighbor graceful restart active$
         Restart timer:    12.001/-$
         Last error:       BGP Error: Hold timer expired$
       Channel ipv4$
         State:          START$
         Table:          master4$
         Preference:     100$
         Input filter:   f$
         Output filter:  REJECT$
         Routes:         0 imported, 0 exported, 0 preferred$
         Route change stats:     received   rejected   filtered    ignored   accepted$
           Import updates:              0          0          0          0          0$
           Import withdraws:            0          0        ---          0          0$
           Export updates:              0          0          0        ---          0$
           Export withdraws:            0        ---        ---        ---          0$
         Neighbor GR:    Long-lived$
         LL stale timer: 3000.001/-$
     $
    1002-B3         BGP        ---        start  16:08:55.000  Idle          Automatic shutdown: Route limit exceeded$
    1006-  Message:        wait$
       VRF:            blue$
       BGP state:          Idle$
         Neighbor address: 10.0.0.3$
         Neighbor AS:      65002$
         Local AS:         65001$
         Error wait:       59.999/60$
         Connect delay:    0.500/5$
         Last error:       Automatic shutdown: Route limit exceeded$
     $
    1002-O          OSPF       master6    up     16:08:55.000  Alone$
    1006-$
    0000 $
    ===$
    1013-O:$
     Router ID   ^IPri^I     State     ^IDTime^IInterface  Router IP$
     100.100.100.200^I  0^IExStart/BDR  ^I125.250^Ia_long_interface fe80::24d4:cdff:feea:d516$
     1.0.0.3     ^I255^I2-Way/Other^I 0.000^Ie0         10.0.0.9$
     P:$
     Router ID   ^IPri^I     State     ^IDTime^IInterface  Router IP$
    0000 $
    ===$
    1020-B:$
     IP address                Interface  State      Since         Interval  Timeout$
     2001:db8::1               eth0       Up         18:34:59.001    0.100    1.500$
     C: is not up$
    0000 $
    ===$
    1007-Table master6:$
     2001:db8:b1::/48     unicast [B 10:00:00.000 from 2001:db8::1] ! (100s/20) [?]$
     ^Ivia fe80::1 on eth0 onlink weight 1$
     ^Ivia 2001:db8::9 on eth1 weight 7$
                          unicast [B2 10:00:00.123] (100-/?) [AS65002e]$
     ^Ivia fe80::1 on eth0$
     2001:db8:b2::/48     unreachable [B2 10:00:00.000 from 2001:db8::1] (100/-) [i]$
     2001:db8:c1::/48     unicast [O 10:00:00.000] * E1 (150/10) [1.0.0.2]$
     ^Ivia fe80::1 on e0$
     2001:db8:c2::/48     unicast [O 10:00:00.000] IA (150/9) [1.0.0.3]$
     ^Ivia fe80::1 on e0$
     2001:db8:c3::/48     unicast [O 10:00:00.000] E2 (150/10/77) [beef] [1.0.0.2]$
     ^Ivia fe80::1 on e0$
     10.0.0.0/24          unicast [D 10:00:00.000] (240)$
     ^Idev e0$
     $
     Table other:$
     2001:db8:c1::/48     unicast [O 10:00:00.000] * E1 (150/10) [1.0.0.2]$
     ^Ivia fe80::1 on e0$
    0000 $
    ===$
    1007-Table master6:$
     2001:db8:b1::/48     unicast [B 10:00:00.000 from 2001:db8::1] ! (100s/20) [?]$
     ^Ivia fe80::1 on eth0 onlink weight 1$
     ^Ivia 2001:db8::9 on eth1 weight 7$
    1008-^IType: BGP univ$
     ^IKernel error: No buffer space available$
    1012-^IBGP.origin: Incomplete$
     ^IBGP.as_path: 65002 {1 2} (3) ({4})$
     ^IBGP.next_hop: 2001:db8::1 fe80::b$
     ^IBGP.med: 7$
     ^IBGP.local_pref: 100$
     ^IBGP.atomic_aggr: $
     ^IBGP.aggregator: 10.0.0.1 AS65001$
     ^IBGP.community: (1,2) (65535,65281)$
     ^IBGP.originator_id: 1.0.0.1$
     ^IBGP.cluster_list: 1.0.0.1 1.0.0.2$
     ^IBGP.ext_community: (rt, 1, 2) (ro, 10.0.0.1, 5)$
     ^IBGP.aigp: 9$
     ^IBGP.large_community: (1, 2, 3)$
     ^IBGP.otc: 65001$
     ^IBGP.63 [t]: 01 ab$
     ^IKernel.metric: 44$
     ^IKernel.prefsrc: 2001:db8::5$
     ^Ic: 167772167$
     ^Ic: 10.0.0.7$
     ^Ic: 10.0.0.7$
     ^Ic: 0a 00 00 07$
     ^Ic: ????$
     ^Iattribute 5: 167772167$
    1007-                     unicast [B2 10:00:00.123] (100-/?) [AS65002e]$
     ^Ivia fe80::1 on eth0$
    1008-^IType: BGP univ$
    1012-^IBGP.origin: EGP$
     ^IBGP.as_path: 65002$
     ^IBGP.local_pref: 100$
    1007-2001:db8:b2::/48     unreachable [B2 10:00:00.000 from 2001:db8::1] (100/-) [i]$
    1008-^IType: BGP univ$
    1012-^IBGP.origin: IGP$
     ^IBGP.as_path: $
     ^IBGP.local_pref: 100$
    1007-2001:db8:c1::/48     unicast [O 10:00:00.000] * E1 (150/10) [1.0.0.2]$
     ^Ivia fe80::1 on e0$
    1008-^IType: OSPF-E1 univ$
    1012-^IOSPF.metric1: 10$
     ^IOSPF.metric2: 0$
     ^IOSPF.tag: 0x00000000$
     ^IOSPF.router_id: 1.0.0.2$
    1007-2001:db8:c2::/48     unicast [O 10:00:00.000] IA (150/9) [1.0.0.3]$
     ^Ivia fe80::1 on e0$
    1008-^IType: OSPF-IA univ$
    1012-^IOSPF.metric1: 9$
     ^IOSPF.router_id: 1.0.0.3$
    1007-2001:db8:c3::/48     unicast [O 10:00:00.000] E2 (150/10/77) [beef] [1.0.0.2]$
     ^Ivia fe80::1 on e0$
    1008-^IType: OSPF-E2 univ$
    1012-^IOSPF.metric1: 10$
     ^IOSPF.metric2: 77$
     ^IOSPF.tag: 0x0000beef$
     ^IOSPF.router_id: 1.0.0.2$
    1007-10.0.0.0/24          unicast [D 10:00:00.000] (240)$
     ^Idev e0$
    1008-^IType: device link$
    1007-$
     Table other:$
     2001:db8:c1::/48     unicast [O 10:00:00.000] * E1 (150/10) [1.0.0.2]$
     ^Ivia fe80::1 on e0$
    1008-^IType: OSPF-E1 univ$
    1012-^IOSPF.metric1: 10$
     ^IOSPF.metric2: 0$
     ^IOSPF.tag: 0x00000000$
     ^IOSPF.router_id: 1.0.0.2$
    0000 $
    ===$
    1007-Table master6:$
     2001:db8:b1::/48     unicast [B 10:00:00.000 from 2001:db8::1] ! (100s/20) [?]$
     ^Ivia fe80::1 on eth0 onlink weight 1$
     ^Ivia 2001:db8::9 on eth1 weight 7$
                          unicast [B2 10:00:00.123] (100-/?) [AS65002e]$
     ^Ivia fe80::1 on eth0$
     2001:db8:b2::/48     unreachable [B2 10:00:00.000 from 2001:db8::1] (100/-) [i]$
     2001:db8:c1::/48     unicast [O 10:00:00.000] * E1 (150/10) [1.0.0.2]$
     ^Ivia fe80::1 on e0$
     2001:db8:c2::/48     unicast [O 10:00:00.000] IA (150/9) [1.0.0.3]$
     ^Ivia fe80::1 on e0$
     2001:db8:c3::/48     unicast [O 10:00:00.000] E2 (150/10/77) [beef] [1.0.0.2]$
     ^Ivia fe80::1 on e0$
     10.0.0.0/24          unicast [D 10:00:00.000] (240)$
     ^Idev e0$
     7 of 7 routes for 6 networks in table master6$
     $
     Table other:$
     2001:db8:c1::/48     unicast [O 10:00:00.000] * E1 (150/10) [1.0.0.2]$
     ^Ivia fe80::1 on e0$
     1 of 1 routes for 1 networks in table other$
     $
    0014 Total: 8 of 8 routes for 7 networks in 2 tables$
    ===$
    1007-7 of 7 routes for 6 networks in table master6$
     1 of 1 routes for 1 networks in table other$
    0014 Total: 8 of 8 routes for 7 networks in 2 tables$
    ===$
    1018-BIRD memory usage$
                       Effective    Overhead$
     Routing tables:    117.7 MB   1024.0 kB$
     Protocols:        9999.0  B      9.8 kB$
     Total:              11.5 GB     10.0 kB$
    0000 $
    ===$
    1014-O:$
     RFC1583 compatibility: enabled$
     Stub router: Yes$
     RT scheduler tick: 2$
     Number of areas: 4$
     Number of LSAs in DB:^I17$
     ^IArea: 0.0.0.0 (0) [BACKBONE]$
     ^I^IStub:^INo$
     ^I^INSSA:^INo$
     ^I^ITransit:^IYes$
     ^I^INumber of interfaces:^I2$
     ^I^INumber of neighbors:^I3$
     ^I^INumber of adjacent neighbors:^I1$
     ^IArea: 0.0.0.2 (2) $
     ^I^IStub:^IYes$
     ^I^INSSA:^INo$
     ^I^ITransit:^INo$
     ^I^INumber of interfaces:^I0$
     ^I^INumber of neighbors:^I0$
     ^I^INumber of adjacent neighbors:^I0$
     ^I^IArea networks:$
     ^I^I^I        10.0.0.0/8^IHidden^IActive$
     ^IArea: 10.0.0.0 (167772160) $
     ^I^IStub:^INo$
     ^I^INSSA:^IYes$
     ^I^ITransit:^INo$
     ^I^INSSA translation:^IYes (run down)$
     ^I^INumber of interfaces:^I1$
     ^I^INumber of neighbors:^I0$
     ^I^INumber of adjacent neighbors:^I0$
     ^I^IArea networks:$
     ^I^I^I                            2001:db8:1::/48^IAdvertise^I$
     ^I^I^I                            2001:db8:3::/48^IHidden^IActive$
     ^IArea: 10.0.0.1 (167772161) $
     ^I^IStub:^INo$
     ^I^INSSA:^IYes$
     ^I^ITransit:^INo$
     ^I^INSSA translation:^INo$
     ^I^INumber of interfaces:^I1$
     ^I^INumber of neighbors:^I0$
     ^I^INumber of adjacent neighbors:^I0$
     ^I^IArea external networks:$
     ^I^I^I       10.1.0.0/16^IAdvertise^IActive$
     P:$
     RFC1583 compatibility: disabled$
     Stub router: No$
     RT scheduler tick: 1$
     Number of areas: 0$
     Number of LSAs in DB:^I0$
    0000 $
    ===$
    1015-O:$
     Virtual link vlink1 to 1.0.0.9$
     ^IPeer IP: 2001:db8::9$
     ^ITransit area: 0.0.0.1 (1)$
     ^IState: PtP$
     ^IPriority: 1$
     ^ICost: 30$
     ^IHello timer: 10$
     ^IWait timer: 40$
     ^IDead timer: 40$
     ^IRetransmit timer: 5$
     Interface e0 (IID 7)$
     ^IType: broadcast$
     ^IArea: 0.0.0.1 (1)$
     ^IState: DROther (stub)$
     ^IPriority: 1$
     ^ICost: 10$
     ^IHello timer: 10$
     ^IWait timer: 40$
     ^IDead timer: 40$
     ^IRetransmit timer: 5$
     ^IDesignated router (ID): 1.0.0.2$
     ^IDesignated router (IP): fe80::2$
     ^IBackup designated router (ID): 0.0.0.0$
     ^IBackup designated router (IP): ::$
    0000 $
    ===$
    1016-$
     area 0.0.0.1$
     $
     ^Irouter 1.0.0.1$
     ^I^Idistance 0$
     ^I^Ivlink 1.0.0.9 metric 7$
    0000 $
    ===$
    1016-$
     area 0.0.0.1$
     $
     ^Irouter 1.0.0.1$
     ^I^Idistance 0$
     ^I^Ivlink 1.0.0.9 metric 7$
     ^I^Istubnet 2001:db8:5::/64 metric 10$
     ^I^Iaddress 2001:db8::1/128$
     ^I^Ixnetwork 2001:db8:6::/64 metric 20$
     ^I^Ixrouter 1.0.0.7 metric 30$
     ^I^Iexternal 2001:db8:7::/64 metric 40 via 2001:db8::7 tag 00000abc$
     ^I^Inssa-ext 2001:db8:8::/64 metric2 50$
     $
     ^Irouter 9.9.9.9$
     ^I^Iunreachable$
     $
     other ASBRs$
     $
     ^Irouter 8.8.8.8$
     ^I^Iexternal ::/0 metric2 1$
    0000 $
    ===$
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
    0000 $
    ===$
    1009-10.0.0.0/8^Iprohibited$
     10.1.0.0/16$
     ^Ivia fe80::1%e0 (bfd)$
     10.2.0.0/16$
     ^Ivia 10.0.0.1 onlink (bfd)$
     ^Idev e1 (dormant)$
     10.3.0.0/16$
     $
    0000 $
    ===$
    1010-a_name_that_is_long^Iprotocol template$
     x       ^IROA table$
     y       ^Icustom attribute$
    0000 $
    ===$
    1010 a_name_that_is_long^Iprotocol template$
    """#
  static let json1 = #"""
    1900-{"version":"1.6.8","router_id":"1.0.0.1","hostname":"vm","now":"2026-11-22T16:09:45.000+00:00","last_reboot":"2026-11-22T16:08:53.000+00:00","last_reconfiguration":"2026-11-22T16:08:53.000+00:00","recovery":{"waiting":3,"remaining_ms":61250,"limit":240},"state":"shutting down"}$
    0000 $
    ===$
    1900-[{"name":"eth0.100.long","index":12,"master":"br0","up":false,"admin_up":true,"link_up":false,"multiaccess":true,"broadcast":true,"multicast":true,"loopback":false,"ignored":false,"mtu":9000,"addresses":[{"address":"10.0.0.2","length":24,"rank":"secondary","scope":"site"},{"address":"10.0.0.1","length":24,"rank":"primary",$
     "scope":"site"},{"address":"fe80::1","length":64,"rank":"unselected","scope":"link"},{"address":"2001:db8::1","length":64,"rank":"primary","scope":"univ"}]},{"name":"ppp0","index":13,"up":true,"admin_up":true,"link_up":true,"multiaccess":false,"broadcast":false,"multicast":false,"loopback":false,"ignored":false,"mtu":1492,$
     "addresses":[]}]$
    0000 $
    ===$
    1900-[{"name":"eth0.100.long","index":12,"master":"br0","up":false,"admin_up":true,"link_up":false,"multiaccess":true,"broadcast":true,"multicast":true,"loopback":false,"ignored":false,"mtu":9000,"addresses":[{"address":"10.0.0.2","length":24,"rank":"secondary","scope":"site"},{"address":"10.0.0.1","length":24,"rank":"primary",$
     "scope":"site"},{"address":"fe80::1","length":64,"rank":"unselected","scope":"link"},{"address":"2001:db8::1","length":64,"rank":"primary","scope":"univ"}]},{"name":"ppp0","index":13,"up":true,"admin_up":true,"link_up":true,"multiaccess":false,"broadcast":false,"multicast":false,"loopback":false,"ignored":false,"mtu":1492,$
     "addresses":[]}]$
    0000 $
    ===$
    1900-[{"name":"a_long_name","type":"BGP","table":"t_long_name","state":"up","since":"2026-11-22T16:08:55.025+00:00","bgp":{"state":"Established","neighbor_address":"fe80::2","neighbor_interface":"eth0","neighbor_as":4200000001,"local_as":65001}},{"name":"B2","type":"BGP","state":"start","since":"2026-11-22T16:08:55.000+00:00",$
     "bgp":{"state":"Active","neighbor_address":"10.0.0.2","neighbor_as":65002,"local_as":65001,"last_error":"BGP Error: Hold timer expired"}},{"name":"B3","type":"BGP","state":"start","since":"2026-11-22T16:08:55.000+00:00","bgp":{"state":"Idle","neighbor_address":"10.0.0.3","neighbor_as":65002,"local_as":65001,"last_error":"Automatic shutdown: Route limit exceeded"}},$
     {"name":"O","type":"OSPF","table":"master6","state":"up","since":"2026-11-22T16:08:55.000+00:00","running":false}]$
    0000 $
    ===$
    1900-[{"name":"a_long_name","type":"BGP","table":"t_long_name","state":"up","since":"2026-11-22T16:08:55.025+00:00","bgp":{"state":"Established","neighbor_address":"fe80::2","neighbor_interface":"eth0","neighbor_as":4200000001,"local_as":65001,"neighbor_restarting":false,"neighbor_id":"1.0.0.2","internal":false,"multihop":true,$
     "source_address":"fe80::1","hold_timer":{"remaining_ms":60001,"total":180},"keepalive_timer":{"remaining_ms":0,"total":0},"local_capabilities":{"multiprotocol":["ipv4","ipv6"],"route_refresh":true,"enhanced_refresh":true,"extended_next_hop":["ipv4"],"extended_message":true,"as4":true,"add_path_rx":["ipv6"],"add_path_tx":[],$
     "graceful_restart":{"restart_time":120,"restarting":true,"families":["ipv6"],"preserved":["ipv6"]},"long_lived_graceful_restart":{"stale_time":3600,"families":["ipv6"],"preserved":[]},"hostname":"here","role":"customer"},"neighbor_capabilities":{"multiprotocol":[],"route_refresh":false,"enhanced_refresh":false,"extended_next_hop":[],$
     "extended_message":false,"as4":false,"add_path_rx":[],"add_path_tx":["ipv4"]}},"channels":[{"name":"ipv6","state":"UP","table":"master","preference":100,"input_filter":"ACCEPT","output_filter":"ACCEPT","receive_limit":{"count":100,"action":"warn","hit":false},"import_limit":{"count":5,"action":"restart","hit":true},"export_limit":{"count":7,$
     "action":"disable","hit":false},"imported":5,"filtered":2,"exported":6,"preferred":4,"import_updates":{"received":1,"rejected":2,"filtered":3,"ignored":4,"accepted":5},"import_withdraws":{"received":6,"rejected":7,"filtered":8,"ignored":9,"accepted":10},"export_updates":{"received":11,"rejected":12,"filtered":13,"ignored":14,$
     "accepted":15},"export_withdraws":{"received":16,"rejected":17,"filtered":18,"ignored":19,"accepted":4294967295},"next_hops":["2001:db8::1","fe80::1"]}]},{"name":"B2","type":"BGP","state":"start","since":"2026-11-22T16:08:55.000+00:00","bgp":{"state":"Active","neighbor_address":"10.0.0.2","neighbor_as":65002,"local_as":65001,$
     "last_error":"BGP Error: Hold timer expired","neighbor_restarting":true,"restart_timer":{"remaining_ms":12001}},"channels":[{"name":"ipv4","state":"START","table":"master4","preference":100,"input_filter":"f","output_filter":"REJECT","imported":0,"exported":0,"preferred":0,"import_updates":{"received":0,"rejected":0,"filtered":0,$
     "ignored":0,"accepted":0},"import_withdraws":{"received":0,"rejected":0,"filtered":0,"ignored":0,"accepted":0},"export_updates":{"received":0,"rejected":0,"filtered":0,"ignored":0,"accepted":0},"export_withdraws":{"received":0,"rejected":0,"filtered":0,"ignored":0,"accepted":0},"neighbor_restart":"Long-lived","stale_timer_ms":3000001}]},$
     {"name":"B3","type":"BGP","state":"start","since":"2026-11-22T16:08:55.000+00:00","bgp":{"state":"Idle","neighbor_address":"10.0.0.3","neighbor_as":65002,"local_as":65001,"last_error":"Automatic shutdown: Route limit exceeded","error_wait":{"remaining_ms":59999,"total":60},"connect_delay":{"remaining_ms":500,"total":5},$
     "neighbor_restarting":false},"message":"wait","vrf":"blue","channels":[]},{"name":"O","type":"OSPF","table":"master6","state":"up","since":"2026-11-22T16:08:55.000+00:00","running":false,"channels":[]}]$
    0000 $
    ===$
    1900-[{"protocol":"O","router_id":"100.100.100.200","priority":0,"state":"ExStart","role":"BDR","dead_ms":125250,"restarting":true,"interface":"a_long_interface","address":"fe80::24d4:cdff:feea:d516"},{"protocol":"O","router_id":"1.0.0.3","priority":255,"state":"2-Way","role":"Other","dead_ms":0,"interface":"e0","address":"10.0.0.9"}]$
    0000 $
    ===$
    1900-[{"protocol":"B","address":"2001:db8::1","interface":"eth0","state":"Up","since":"2026-11-22T18:34:59.001+00:00","interval_us":100000,"timeout_us":1500500}]$
    0000 $
    ===$
    1900-[{"table":"master6","prefix":"2001:db8:b1::/48","protocol":"B","source":"BGP","since":"2026-11-22T10:00:00.000+00:00","best":true,"kernel_error":"No buffer space available","preference":100,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"eth0","weight":1,"onlink":true},{"gateway":"2001:db8::9","interface":"eth1",$
     "weight":7}],"from":"2001:db8::1","igp_metric":20,"path_id":5,"stale":true},{"table":"master6","prefix":"2001:db8:b1::/48","protocol":"B2","source":"BGP","since":"2026-11-22T10:00:00.123+00:00","best":false,"preference":100,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"eth0","weight":1}],"from":"fe80::1"},$
     {"table":"master6","prefix":"2001:db8:b2::/48","protocol":"B2","source":"BGP","since":"2026-11-22T10:00:00.000+00:00","best":false,"preference":100,"type":"unreachable","next_hops":[],"from":"2001:db8::1","resolvable":false},{"table":"master6","prefix":"2001:db8:c1::/48","protocol":"O","source":"OSPF-E1","since":"2026-11-22T10:00:00.000+00:00",$
     "best":true,"preference":150,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"e0","weight":1}]},{"table":"master6","prefix":"2001:db8:c2::/48","protocol":"O","source":"OSPF-IA","since":"2026-11-22T10:00:00.000+00:00","best":false,"preference":150,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"e0",$
     "weight":1}]},{"table":"master6","prefix":"2001:db8:c3::/48","protocol":"O","source":"OSPF-E2","since":"2026-11-22T10:00:00.000+00:00","best":false,"preference":150,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"e0","weight":1}]},{"table":"master6","prefix":"10.0.0.0/24","protocol":"D","source":"device",$
     "since":"2026-11-22T10:00:00.000+00:00","best":false,"preference":240,"type":"unicast","next_hops":[{"interface":"e0","weight":1}]},{"table":"other","prefix":"2001:db8:c1::/48","protocol":"O","source":"OSPF-E1","since":"2026-11-22T10:00:00.000+00:00","best":true,"preference":150,"type":"unicast","next_hops":[{"gateway":"fe80::1",$
     "interface":"e0","weight":1}]}]$
    0000 $
    ===$
    1900-[{"table":"master6","prefix":"2001:db8:b1::/48","protocol":"B","source":"BGP","since":"2026-11-22T10:00:00.000+00:00","best":true,"kernel_error":"No buffer space available","preference":100,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"eth0","weight":1,"onlink":true},{"gateway":"2001:db8::9","interface":"eth1",$
     "weight":7}],"from":"2001:db8::1","igp_metric":20,"path_id":5,"stale":true,"scope":"univ","attributes":{"BGP.origin":"Incomplete","BGP.med":7,"BGP.local_pref":100,"BGP.as_path":["65002","{","1","2","}","(","3",")","({","4","})"],"BGP.next_hop":["2001:db8::1","fe80::b"],"BGP.atomic_aggr":true,"BGP.7":"0000fde90a000001","BGP.community":["1:2",$
     "65535:65281"],"BGP.originator_id":["1.0.0.1"],"BGP.cluster_list":["1.0.0.1","1.0.0.2"],"BGP.ext_community":["(rt, 1, 2)","(ro, 10.0.0.1, 5)"],"BGP.aigp":9,"BGP.large_community":["1:2:3"],"BGP.otc":65001,"BGP.99":"01ab","Kernel.metric":44,"Kernel.prefsrc":"2001:db8::5","c":167772167,"c":"0a000007","c":"0a000007","c":"0a000007",$
     "c":"0a000007","attribute.773":"0a000007"}},{"table":"master6","prefix":"2001:db8:b1::/48","protocol":"B2","source":"BGP","since":"2026-11-22T10:00:00.123+00:00","best":false,"preference":100,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"eth0","weight":1}],"from":"fe80::1","scope":"univ","attributes":{"BGP.origin":"EGP",$
     "BGP.local_pref":100,"BGP.as_path":["65002"]}},{"table":"master6","prefix":"2001:db8:b2::/48","protocol":"B2","source":"BGP","since":"2026-11-22T10:00:00.000+00:00","best":false,"preference":100,"type":"unreachable","next_hops":[],"from":"2001:db8::1","resolvable":false,"scope":"univ","attributes":{"BGP.origin":"IGP","BGP.local_pref":100,$
     "BGP.as_path":[]}},{"table":"master6","prefix":"2001:db8:c1::/48","protocol":"O","source":"OSPF-E1","since":"2026-11-22T10:00:00.000+00:00","best":true,"preference":150,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"e0","weight":1}],"scope":"univ","attributes":{"OSPF.metric1":10,"OSPF.metric2":0,"OSPF.tag":0,$
     "OSPF.router_id":"1.0.0.2"}},{"table":"master6","prefix":"2001:db8:c2::/48","protocol":"O","source":"OSPF-IA","since":"2026-11-22T10:00:00.000+00:00","best":false,"preference":150,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"e0","weight":1}],"scope":"univ","attributes":{"OSPF.metric1":9,"OSPF.router_id":"1.0.0.3"}},$
     {"table":"master6","prefix":"2001:db8:c3::/48","protocol":"O","source":"OSPF-E2","since":"2026-11-22T10:00:00.000+00:00","best":false,"preference":150,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"e0","weight":1}],"scope":"univ","attributes":{"OSPF.metric1":10,"OSPF.metric2":77,"OSPF.tag":48879,"OSPF.router_id":"1.0.0.2"}},$
     {"table":"master6","prefix":"10.0.0.0/24","protocol":"D","source":"device","since":"2026-11-22T10:00:00.000+00:00","best":false,"preference":240,"type":"unicast","next_hops":[{"interface":"e0","weight":1}],"scope":"link","attributes":{}},{"table":"other","prefix":"2001:db8:c1::/48","protocol":"O","source":"OSPF-E1","since":"2026-11-22T10:00:00.000+00:00",$
     "best":true,"preference":150,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"e0","weight":1}],"scope":"univ","attributes":{"OSPF.metric1":10,"OSPF.metric2":0,"OSPF.tag":0,"OSPF.router_id":"1.0.0.2"}}]$
    0000 $
    ===$
    1900-[{"table":"master6","prefix":"2001:db8:b1::/48","protocol":"B","source":"BGP","since":"2026-11-22T10:00:00.000+00:00","best":true,"kernel_error":"No buffer space available","preference":100,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"eth0","weight":1,"onlink":true},{"gateway":"2001:db8::9","interface":"eth1",$
     "weight":7}],"from":"2001:db8::1","igp_metric":20,"path_id":5,"stale":true},{"table":"master6","prefix":"2001:db8:b1::/48","protocol":"B2","source":"BGP","since":"2026-11-22T10:00:00.123+00:00","best":false,"preference":100,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"eth0","weight":1}],"from":"fe80::1"},$
     {"table":"master6","prefix":"2001:db8:b2::/48","protocol":"B2","source":"BGP","since":"2026-11-22T10:00:00.000+00:00","best":false,"preference":100,"type":"unreachable","next_hops":[],"from":"2001:db8::1","resolvable":false},{"table":"master6","prefix":"2001:db8:c1::/48","protocol":"O","source":"OSPF-E1","since":"2026-11-22T10:00:00.000+00:00",$
     "best":true,"preference":150,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"e0","weight":1}]},{"table":"master6","prefix":"2001:db8:c2::/48","protocol":"O","source":"OSPF-IA","since":"2026-11-22T10:00:00.000+00:00","best":false,"preference":150,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"e0",$
     "weight":1}]},{"table":"master6","prefix":"2001:db8:c3::/48","protocol":"O","source":"OSPF-E2","since":"2026-11-22T10:00:00.000+00:00","best":false,"preference":150,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"e0","weight":1}]},{"table":"master6","prefix":"10.0.0.0/24","protocol":"D","source":"device",$
     "since":"2026-11-22T10:00:00.000+00:00","best":false,"preference":240,"type":"unicast","next_hops":[{"interface":"e0","weight":1}]},{"table":"other","prefix":"2001:db8:c1::/48","protocol":"O","source":"OSPF-E1","since":"2026-11-22T10:00:00.000+00:00","best":true,"preference":150,"type":"unicast","next_hops":[{"gateway":"fe80::1",$
     "interface":"e0","weight":1}]}]$
    0000 $
    ===$
    1900-[{"table":"master6","shown":7,"routes":7,"networks":6},{"table":"other","shown":1,"routes":1,"networks":1}]$
    0000 $
    """#
  static let json2 = #"""
    1900-{"version":"2.0.12","router_id":"1.0.0.1","hostname":"vm","now":"2026-11-22T16:09:45.000+00:00","last_reboot":"2026-11-22T16:08:53.000+00:00","last_reconfiguration":"2026-11-22T16:08:53.000+00:00","recovery":{"waiting":3,"remaining_ms":61250,"limit":240},"state":"shutting down"}$
    0000 $
    ===$
    1900-[{"name":"eth0.100.long","index":12,"master":"br0","up":false,"admin_up":true,"link_up":false,"multiaccess":true,"broadcast":true,"multicast":true,"loopback":false,"ignored":false,"mtu":9000,"addresses":[{"address":"10.0.0.2","length":24,"rank":"secondary","scope":"site"},{"address":"10.0.0.1","length":24,"rank":"primary",$
     "scope":"site"},{"address":"fe80::1","length":64,"rank":"unselected","scope":"link"},{"address":"2001:db8::1","length":64,"rank":"primary","scope":"univ"}]},{"name":"ppp0","index":13,"up":true,"admin_up":true,"link_up":true,"multiaccess":false,"broadcast":false,"multicast":false,"loopback":false,"ignored":false,"mtu":1492,$
     "addresses":[]}]$
    0000 $
    ===$
    1900-[{"name":"eth0.100.long","index":12,"master":"br0","up":false,"admin_up":true,"link_up":false,"multiaccess":true,"broadcast":true,"multicast":true,"loopback":false,"ignored":false,"mtu":9000,"addresses":[{"address":"10.0.0.2","length":24,"rank":"secondary","scope":"site"},{"address":"10.0.0.1","length":24,"rank":"primary",$
     "scope":"site"},{"address":"fe80::1","length":64,"rank":"unselected","scope":"link"},{"address":"2001:db8::1","length":64,"rank":"primary","scope":"univ"}]},{"name":"ppp0","index":13,"up":true,"admin_up":true,"link_up":true,"multiaccess":false,"broadcast":false,"multicast":false,"loopback":false,"ignored":false,"mtu":1492,$
     "addresses":[]}]$
    0000 $
    ===$
    1900-[{"name":"a_long_name","type":"BGP","table":"t_long_name","state":"up","since":"2026-11-22T16:08:55.025+00:00","bgp":{"state":"Established","neighbor_address":"fe80::2","neighbor_interface":"eth0","neighbor_as":4200000001,"local_as":65001}},{"name":"B2","type":"BGP","state":"start","since":"2026-11-22T16:08:55.000+00:00",$
     "bgp":{"state":"Active","neighbor_address":"10.0.0.2","neighbor_as":65002,"local_as":65001,"last_error":"BGP Error: Hold timer expired"}},{"name":"B3","type":"BGP","state":"start","since":"2026-11-22T16:08:55.000+00:00","bgp":{"state":"Idle","neighbor_address":"10.0.0.3","neighbor_as":65002,"local_as":65001,"last_error":"Automatic shutdown: Route limit exceeded"}},$
     {"name":"O","type":"OSPF","table":"master6","state":"up","since":"2026-11-22T16:08:55.000+00:00","running":false}]$
    0000 $
    ===$
    1900-[{"name":"a_long_name","type":"BGP","table":"t_long_name","state":"up","since":"2026-11-22T16:08:55.025+00:00","bgp":{"state":"Established","neighbor_address":"fe80::2","neighbor_interface":"eth0","neighbor_as":4200000001,"local_as":65001,"neighbor_restarting":false,"neighbor_id":"1.0.0.2","internal":false,"multihop":true,$
     "source_address":"fe80::1","hold_timer":{"remaining_ms":60001,"total":180},"keepalive_timer":{"remaining_ms":0,"total":0},"local_capabilities":{"multiprotocol":["ipv4","ipv6"],"route_refresh":true,"enhanced_refresh":true,"extended_next_hop":["ipv4"],"extended_message":true,"as4":true,"add_path_rx":["ipv6"],"add_path_tx":[],$
     "graceful_restart":{"restart_time":120,"restarting":true,"families":["ipv6"],"preserved":["ipv6"]},"long_lived_graceful_restart":{"stale_time":3600,"families":["ipv6"],"preserved":[]},"hostname":"here","role":"customer"},"neighbor_capabilities":{"multiprotocol":[],"route_refresh":false,"enhanced_refresh":false,"extended_next_hop":[],$
     "extended_message":false,"as4":false,"add_path_rx":[],"add_path_tx":["ipv4"]}},"channels":[{"name":"ipv6","state":"UP","table":"master","preference":100,"input_filter":"ACCEPT","output_filter":"ACCEPT","receive_limit":{"count":100,"action":"warn","hit":false},"import_limit":{"count":5,"action":"restart","hit":true},"export_limit":{"count":7,$
     "action":"disable","hit":false},"imported":5,"filtered":2,"exported":6,"preferred":4,"import_updates":{"received":1,"rejected":2,"filtered":3,"ignored":4,"accepted":5},"import_withdraws":{"received":6,"rejected":7,"filtered":8,"ignored":9,"accepted":10},"export_updates":{"received":11,"rejected":12,"filtered":13,"ignored":14,$
     "accepted":15},"export_withdraws":{"received":16,"rejected":17,"filtered":18,"ignored":19,"accepted":4294967295},"next_hops":["2001:db8::1","fe80::1"]}]},{"name":"B2","type":"BGP","state":"start","since":"2026-11-22T16:08:55.000+00:00","bgp":{"state":"Active","neighbor_address":"10.0.0.2","neighbor_as":65002,"local_as":65001,$
     "last_error":"BGP Error: Hold timer expired","neighbor_restarting":true,"restart_timer":{"remaining_ms":12001}},"channels":[{"name":"ipv4","state":"START","table":"master4","preference":100,"input_filter":"f","output_filter":"REJECT","imported":0,"exported":0,"preferred":0,"import_updates":{"received":0,"rejected":0,"filtered":0,$
     "ignored":0,"accepted":0},"import_withdraws":{"received":0,"rejected":0,"filtered":0,"ignored":0,"accepted":0},"export_updates":{"received":0,"rejected":0,"filtered":0,"ignored":0,"accepted":0},"export_withdraws":{"received":0,"rejected":0,"filtered":0,"ignored":0,"accepted":0},"neighbor_restart":"Long-lived","stale_timer_ms":3000001}]},$
     {"name":"B3","type":"BGP","state":"start","since":"2026-11-22T16:08:55.000+00:00","bgp":{"state":"Idle","neighbor_address":"10.0.0.3","neighbor_as":65002,"local_as":65001,"last_error":"Automatic shutdown: Route limit exceeded","error_wait":{"remaining_ms":59999,"total":60},"connect_delay":{"remaining_ms":500,"total":5},$
     "neighbor_restarting":false},"message":"wait","vrf":"blue","channels":[]},{"name":"O","type":"OSPF","table":"master6","state":"up","since":"2026-11-22T16:08:55.000+00:00","running":false,"channels":[]}]$
    0000 $
    ===$
    1900-[{"protocol":"O","router_id":"100.100.100.200","priority":0,"state":"ExStart","role":"BDR","dead_ms":125250,"restarting":true,"interface":"a_long_interface","address":"fe80::24d4:cdff:feea:d516"},{"protocol":"O","router_id":"1.0.0.3","priority":255,"state":"2-Way","role":"Other","dead_ms":0,"interface":"e0","address":"10.0.0.9"}]$
    0000 $
    ===$
    1900-[{"protocol":"B","address":"2001:db8::1","interface":"eth0","state":"Up","since":"2026-11-22T18:34:59.001+00:00","interval_us":100000,"timeout_us":1500500}]$
    0000 $
    ===$
    1900-[{"table":"master6","prefix":"2001:db8:b1::/48","protocol":"B","source":"BGP","since":"2026-11-22T10:00:00.000+00:00","best":true,"kernel_error":"No buffer space available","preference":100,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"eth0","weight":1,"onlink":true},{"gateway":"2001:db8::9","interface":"eth1",$
     "weight":7}],"from":"2001:db8::1","igp_metric":20,"path_id":5,"stale":true},{"table":"master6","prefix":"2001:db8:b1::/48","protocol":"B2","source":"BGP","since":"2026-11-22T10:00:00.123+00:00","best":false,"preference":100,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"eth0","weight":1}],"from":"fe80::1"},$
     {"table":"master6","prefix":"2001:db8:b2::/48","protocol":"B2","source":"BGP","since":"2026-11-22T10:00:00.000+00:00","best":false,"preference":100,"type":"unreachable","next_hops":[],"from":"2001:db8::1","resolvable":false},{"table":"master6","prefix":"2001:db8:c1::/48","protocol":"O","source":"OSPF-E1","since":"2026-11-22T10:00:00.000+00:00",$
     "best":true,"preference":150,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"e0","weight":1}]},{"table":"master6","prefix":"2001:db8:c2::/48","protocol":"O","source":"OSPF-IA","since":"2026-11-22T10:00:00.000+00:00","best":false,"preference":150,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"e0",$
     "weight":1}]},{"table":"master6","prefix":"2001:db8:c3::/48","protocol":"O","source":"OSPF-E2","since":"2026-11-22T10:00:00.000+00:00","best":false,"preference":150,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"e0","weight":1}]},{"table":"master6","prefix":"10.0.0.0/24","protocol":"D","source":"device",$
     "since":"2026-11-22T10:00:00.000+00:00","best":false,"preference":240,"type":"unicast","next_hops":[{"interface":"e0","weight":1}]},{"table":"other","prefix":"2001:db8:c1::/48","protocol":"O","source":"OSPF-E1","since":"2026-11-22T10:00:00.000+00:00","best":true,"preference":150,"type":"unicast","next_hops":[{"gateway":"fe80::1",$
     "interface":"e0","weight":1}]}]$
    0000 $
    ===$
    1900-[{"table":"master6","prefix":"2001:db8:b1::/48","protocol":"B","source":"BGP","since":"2026-11-22T10:00:00.000+00:00","best":true,"kernel_error":"No buffer space available","preference":100,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"eth0","weight":1,"onlink":true},{"gateway":"2001:db8::9","interface":"eth1",$
     "weight":7}],"from":"2001:db8::1","igp_metric":20,"path_id":5,"stale":true,"scope":"univ","attributes":{"BGP.origin":"Incomplete","BGP.med":7,"BGP.local_pref":100,"BGP.as_path":["65002","{","1","2","}","(","3",")","({","4","})"],"BGP.next_hop":["2001:db8::1","fe80::b"],"BGP.atomic_aggr":true,"BGP.7":"0000fde90a000001","BGP.community":["1:2",$
     "65535:65281"],"BGP.originator_id":["1.0.0.1"],"BGP.cluster_list":["1.0.0.1","1.0.0.2"],"BGP.ext_community":["(rt, 1, 2)","(ro, 10.0.0.1, 5)"],"BGP.aigp":9,"BGP.large_community":["1:2:3"],"BGP.otc":65001,"BGP.99":"01ab","Kernel.metric":44,"Kernel.prefsrc":"2001:db8::5","c":167772167,"c":"0a000007","c":"0a000007","c":"0a000007",$
     "c":"0a000007","attribute.773":"0a000007"}},{"table":"master6","prefix":"2001:db8:b1::/48","protocol":"B2","source":"BGP","since":"2026-11-22T10:00:00.123+00:00","best":false,"preference":100,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"eth0","weight":1}],"from":"fe80::1","scope":"univ","attributes":{"BGP.origin":"EGP",$
     "BGP.local_pref":100,"BGP.as_path":["65002"]}},{"table":"master6","prefix":"2001:db8:b2::/48","protocol":"B2","source":"BGP","since":"2026-11-22T10:00:00.000+00:00","best":false,"preference":100,"type":"unreachable","next_hops":[],"from":"2001:db8::1","resolvable":false,"scope":"univ","attributes":{"BGP.origin":"IGP","BGP.local_pref":100,$
     "BGP.as_path":[]}},{"table":"master6","prefix":"2001:db8:c1::/48","protocol":"O","source":"OSPF-E1","since":"2026-11-22T10:00:00.000+00:00","best":true,"preference":150,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"e0","weight":1}],"scope":"univ","attributes":{"OSPF.metric1":10,"OSPF.metric2":0,"OSPF.tag":0,$
     "OSPF.router_id":"1.0.0.2"}},{"table":"master6","prefix":"2001:db8:c2::/48","protocol":"O","source":"OSPF-IA","since":"2026-11-22T10:00:00.000+00:00","best":false,"preference":150,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"e0","weight":1}],"scope":"univ","attributes":{"OSPF.metric1":9,"OSPF.router_id":"1.0.0.3"}},$
     {"table":"master6","prefix":"2001:db8:c3::/48","protocol":"O","source":"OSPF-E2","since":"2026-11-22T10:00:00.000+00:00","best":false,"preference":150,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"e0","weight":1}],"scope":"univ","attributes":{"OSPF.metric1":10,"OSPF.metric2":77,"OSPF.tag":48879,"OSPF.router_id":"1.0.0.2"}},$
     {"table":"master6","prefix":"10.0.0.0/24","protocol":"D","source":"device","since":"2026-11-22T10:00:00.000+00:00","best":false,"preference":240,"type":"unicast","next_hops":[{"interface":"e0","weight":1}],"scope":"link","attributes":{}},{"table":"other","prefix":"2001:db8:c1::/48","protocol":"O","source":"OSPF-E1","since":"2026-11-22T10:00:00.000+00:00",$
     "best":true,"preference":150,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"e0","weight":1}],"scope":"univ","attributes":{"OSPF.metric1":10,"OSPF.metric2":0,"OSPF.tag":0,"OSPF.router_id":"1.0.0.2"}}]$
    0000 $
    ===$
    1900-[{"table":"master6","prefix":"2001:db8:b1::/48","protocol":"B","source":"BGP","since":"2026-11-22T10:00:00.000+00:00","best":true,"kernel_error":"No buffer space available","preference":100,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"eth0","weight":1,"onlink":true},{"gateway":"2001:db8::9","interface":"eth1",$
     "weight":7}],"from":"2001:db8::1","igp_metric":20,"path_id":5,"stale":true},{"table":"master6","prefix":"2001:db8:b1::/48","protocol":"B2","source":"BGP","since":"2026-11-22T10:00:00.123+00:00","best":false,"preference":100,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"eth0","weight":1}],"from":"fe80::1"},$
     {"table":"master6","prefix":"2001:db8:b2::/48","protocol":"B2","source":"BGP","since":"2026-11-22T10:00:00.000+00:00","best":false,"preference":100,"type":"unreachable","next_hops":[],"from":"2001:db8::1","resolvable":false},{"table":"master6","prefix":"2001:db8:c1::/48","protocol":"O","source":"OSPF-E1","since":"2026-11-22T10:00:00.000+00:00",$
     "best":true,"preference":150,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"e0","weight":1}]},{"table":"master6","prefix":"2001:db8:c2::/48","protocol":"O","source":"OSPF-IA","since":"2026-11-22T10:00:00.000+00:00","best":false,"preference":150,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"e0",$
     "weight":1}]},{"table":"master6","prefix":"2001:db8:c3::/48","protocol":"O","source":"OSPF-E2","since":"2026-11-22T10:00:00.000+00:00","best":false,"preference":150,"type":"unicast","next_hops":[{"gateway":"fe80::1","interface":"e0","weight":1}]},{"table":"master6","prefix":"10.0.0.0/24","protocol":"D","source":"device",$
     "since":"2026-11-22T10:00:00.000+00:00","best":false,"preference":240,"type":"unicast","next_hops":[{"interface":"e0","weight":1}]},{"table":"other","prefix":"2001:db8:c1::/48","protocol":"O","source":"OSPF-E1","since":"2026-11-22T10:00:00.000+00:00","best":true,"preference":150,"type":"unicast","next_hops":[{"gateway":"fe80::1",$
     "interface":"e0","weight":1}]}]$
    0000 $
    ===$
    1900-[{"table":"master6","shown":7,"routes":7,"networks":6},{"table":"other","shown":1,"routes":1,"networks":1}]$
    0000 $
    """#
}
