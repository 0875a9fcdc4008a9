import RouteCore

// Installing and removing LSAs (RFC 2328 §13.2), ageing (§14).

extension Instance {
  /// Puts an LSA into the database, in place of an older instance, and notes for the calculation what changes.
  mutating func install(_ bytes: [UInt8], _ header: LSAHeader, scope: Scope, origin: LSAOrigin, at now: Instant) -> UInt32 {
    var changed = true
    if let old = database.find(scope, header.key) {
      removeFromRetransmissionLists(old)
      // §13.2: anything but age, sequence number and checksum.
      let wasMaxAge = database[old].ageWhenInstalled >= Constants.maxAge
      changed = wasMaxAge != (header.age >= Constants.maxAge) || !hasSameBody(database[old].bytes, bytes)
      if changed { detach(old, at: now) }
    }
    let place = database.install(bytes, header, scope: scope, origin: origin, at: now)
    if header.age >= Constants.maxAge {
      due.insert(.maxAgedRemoval)
    } else if changed {
      attach(place, at: now)
    }
    if changed { noteTopologyChange(place) }
    return place
  }

  private func hasSameBody(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    a.count == b.count && a[min(LSAHeader.size, a.count)...] == b[min(LSAHeader.size, b.count)...]
  }

  /// Refresh of an LSA of our own, or the end of another's (§14).
  mutating func lsaIsDue(_ place: UInt32, at now: Instant, into output: inout Output) {
    if database[place].isSelfOriginated {
      refresh(place, at: now)
      // It stays one of an earlier life.
      if isRecovering { database[place].origin = .earlierLife }
    } else {
      output.trace(.events, "LSA \(describe(database[place].key)) has reached MaxAge")
      prematurelyAge(place, at: now)
    }
  }

  /// §14.1: the LSA is flooded once more, with MaxAge, and goes when all neighbours have acknowledged it.
  mutating func prematurelyAge(_ place: UInt32, at now: Instant) {
    if database[place].ageWhenInstalled >= Constants.maxAge { return }
    removeFromRetransmissionLists(place)
    detach(place, at: now)
    database.age(out: place, at: now)
    noteTopologyChange(place)
    due.insert(.maxAgedRemoval)
    flood(place, database.header(place, at: now), from: nil, at: now)
  }

  /// §14: removes LSAs of MaxAge that are on no retransmission list, while no neighbour is in Exchange or Loading.
  mutating func removeMaxAged(at now: Instant) {
    var kept: [LSAHandle] = []
    for handle in database.maxAged {
      // Newly originated meanwhile: no longer of MaxAge.
      guard let place = database.resolve(handle), database[place].ageWhenInstalled >= Constants.maxAge else { continue }
      if database[place].retransmissions > 0 || exchangingNeighbors > 0 {
        kept.append(handle)
      } else {
        let scope = database[place].scope
        remove(place, scope, at: now)
      }
    }
    database.maxAged = kept
  }

  private mutating func remove(_ place: UInt32, _ scope: Scope, at now: Instant) {
    let key = database[place].key
    let sequenceNumber = database[place].sequenceNumber
    database.remove(place)
    if key.advertisingRouter != routerID { return }
    origination.flushed(OwnLSA(scope: scope, key: key), sequenceNumber, at: now)
    switch key.type.kind?.source {
    case .prefixes, .externals: releaseLinkStateID(key.linkStateID)
    case .area, .boundaryRouters, .restart, nil: break
    }
  }

  /// Removes all LSAs of a scope that no longer exists.
  mutating func purge(_ scope: Scope, at now: Instant) {
    origination.forget(scope: scope)
    for place in database.sorted(scope) {
      removeFromRetransmissionLists(place)
      detach(place, at: now)
      remove(place, scope, at: now)
    }
  }

  func describe(_ key: LSAKey) -> String {
    "type \(String(key.type.rawValue, radix: 16)), ID \(RouterID(rawValue: key.linkStateID)), router \(key.advertisingRouter)"
  }
}
