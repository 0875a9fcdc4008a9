import RouteCore

/// ADD-PATH (RFC 7911 §4).
///
///     | AFI (2) | SAFI (1) | Send/Receive (1) | …
extension CapabilityRow {
  static let addPath = CapabilityRow(
    code: 69,
    announce: { capabilities, configuration, _ in
      for family in configuration.families {
        if configuration.channel(family)?.receivesPaths == true { capabilities.addPathReceive.append(FamilyCode(family)) }
        if configuration.channel(family)?.sendsPaths == true { capabilities.addPathSend.append(FamilyCode(family)) }
      }
    },
    decode: { capabilities, value throws(Truncated) in
      while value.remaining >= 4 {
        let family = try value.family()
        let direction = try value.u8()
        if direction & 1 != 0, !capabilities.addPathReceive.contains(family) { capabilities.addPathReceive.append(family) }
        if direction & 2 != 0, !capabilities.addPathSend.contains(family) { capabilities.addPathSend.append(family) }
      }
    },
    write: { capabilities, announce in
      let (receive, send) = (capabilities.addPathReceive, capabilities.addPathSend)
      let families = receive + send.filter { !receive.contains($0) }
      guard !families.isEmpty else { return }
      announce {
        for family in families {
          $0.family(family)
          $0.u8((receive.contains(family) ? 1 : 0) | (send.contains(family) ? 2 : 0))
        }
      }
    },
    describe: { capabilities, description in
      description.add(member: "add_path_rx", capabilities.addPathReceive)
      description.add(member: "add_path_tx", capabilities.addPathSend)
      if !capabilities.addPathReceive.isEmpty { description.words.append("add-path-rx") }
      if !capabilities.addPathSend.isEmpty { description.words.append("add-path-tx") }
      guard !capabilities.addPathReceive.isEmpty || !capabilities.addPathSend.isEmpty else { return }
      description.lines.append("ADD-PATH")
      description.add("RX", capabilities.addPathReceive)
      description.add("TX", capabilities.addPathSend)
    })
}

extension SessionParameters {
  /// Whether the peer may announce several paths of a family to a network.
  public func receivesPaths(_ family: AddressFamily) -> Bool {
    localCapabilities.addPathReceive.contains(FamilyCode(family)) && remoteCapabilities.addPathSend.contains(FamilyCode(family))
  }

  /// Whether we may.
  public func sendsPaths(_ family: AddressFamily) -> Bool {
    localCapabilities.addPathSend.contains(FamilyCode(family)) && remoteCapabilities.addPathReceive.contains(FamilyCode(family))
  }
}
