import RouteCore

@testable import KernelSync

func net(_ text: String) -> Prefix { Prefix(text) ?? .everything(.ipv6) }
func address(_ text: String) -> IPAddress { IPAddress(text) ?? .unspecified }

/// A way out by the gateway with this number on an interface: `2001:db8:INTERFACE::NUMBER`, or of IPv4 `10.0.INTERFACE.NUMBER`.
func hop(_ number: Int, on interface: UInt32, weight: UInt16 = 1, _ family: AddressFamily = .ipv6) -> NextHop {
  let gateway =
    family == .ipv4
    ? IPAddress(ipv4: 0x0a00_0000 | interface << 8 | UInt32(number))
    : IPAddress(high: 0x2001_0db8_0000_0000 | UInt64(interface) << 16, low: UInt64(number))
  return NextHop(gateway: gateway, interface: interface, weight: weight)
}

/// The prefix with this number.
func prefix(_ number: Int, _ family: AddressFamily = .ipv6) -> Prefix {
  family == .ipv4
    ? Prefix(IPAddress(ipv4: 0xac10_0000 + UInt32(number) << 4), 28)
    : Prefix(IPAddress(high: 0x2001_0db8_0000_0000 + UInt64(number + 1) << 24, low: 0), 48)
}

// What a test lets happen.
extension Lab {
  /// Interfaces 1 to `count` are up, and the machine knows it.
  convenience init(seed: UInt64 = 1, interfaces: UInt32, _ change: (Lab) -> Void = { _ in }) {
    self.init(seed: seed)
    for index in 1...interfaces { kernel.setInterface(index, SimulatedKernel.Interface()) }
    change(self)
    run(.seconds(1))
  }

  @discardableResult
  func addTable(_ number: UInt32 = 254, _ family: AddressFamily = .ipv6, _ change: (inout KernelTableOptions) -> Void = { _ in })
    -> KernelTableID
  {
    let id = sync.table(number, family)
    if Int(id.rawValue) == tables.count { tables.append(TableState(id: id, number: number, family: family)) }
    start(id, change)
    return id
  }

  func start(_ id: KernelTableID, _ change: (inout KernelTableOptions) -> Void = { _ in }) {
    var options = KernelTableOptions()
    change(&options)
    let place = Int(id.rawValue)
    tables[place].options = options
    tables[place].isStopped = false
    handle(.start(id, options))
  }

  func stop(_ id: KernelTableID, _ end: KernelTableEnd) {
    tables[Int(id.rawValue)].isReady = false
    for place in told.keys.filter({ $0.table == id }) {
      told[place] = nil
      usableSince[place] = nil
    }
    learnt = learnt.filter { $0.key.table != id }
    handle(.stop(id, end))
  }

  func setOptions(_ id: KernelTableID, _ change: (inout KernelTableOptions) -> Void) {
    let place = Int(id.rawValue)
    change(&tables[place].options)
    noteUse()
    handle(.options(id, tables[place].options))
  }

  func want(_ prefix: Prefix, _ table: KernelTableID, via hops: NextHop..., metric: UInt32 = 0) {
    want(prefix, table, Want(hops: hops, metric: metric))
  }

  /// Wants many prefixes alike.
  func want(_ numbers: Range<Int>, _ table: KernelTableID, via hops: [NextHop], metric: UInt32 = 0) {
    let family = tables[Int(table.rawValue)].family
    for number in numbers { want(prefix(number, family), table, Want(hops: hops, metric: metric)) }
  }

  func setLink(_ index: UInt32, _ change: (inout SimulatedKernel.Interface) -> Void) {
    var interface = kernel.interfaces[index] ?? SimulatedKernel.Interface()
    change(&interface)
    kernel.setInterface(index, interface)
  }

  func lose(_ hops: [NextHop]) {
    lost.formUnion(hops.map { $0.way })
    handle(.lost(hops))
  }

  func regain(_ hops: [NextHop]) {
    lost.subtract(hops.map { $0.way })
    handle(.regained(hops))
  }

  // MARK: What is there

  /// Our routes to a prefix, by metric.
  func routes(_ prefix: Prefix, _ table: KernelTableID) -> [(metric: UInt32, route: SimulatedKernel.Route)] {
    let number = tables[Int(table.rawValue)].number
    return kernel.routes.filter { $0.key.prefix == prefix && $0.key.table == number && $0.value.isOurs }
      .sorted { $0.key < $1.key }.map { ($0.key.metric, $0.value) }
  }

  /// Where the only route of ours to a prefix leads.
  func way(_ prefix: Prefix, _ table: KernelTableID) -> [NextHop]? {
    let found = routes(prefix, table)
    guard found.count == 1 else { return nil }
    let route = found[0].route
    return Lab.sorted(route.object == 0 ? route.hops : kernel.content(of: route.object))
  }

  var routeCount: Int { kernel.routes.values.count { $0.isOurs } }
  var objectCount: Int { kernel.objects.values.count { $0.protocolNumber == KernelNumbers.protocolNumber } }
}
