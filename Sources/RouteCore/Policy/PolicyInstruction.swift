/// One step of a compiled filter: eight bytes.
struct PolicyInstruction: BitwiseCopyable, Hashable, Sendable {
  var operation: PolicyOperation
  var a: UInt8 = 0
  var b: UInt16 = 0
  var c: UInt32 = 0
}

/// What the interpreter can do. Operands come from the stack, the result goes there; `c` is a target, an index or a key.
package enum PolicyOperation: UInt8, Sendable, Hashable, CaseIterable, BitwiseCopyable {
  // Constants and variables.
  /// Pushes constant `c`.
  case constant
  case pop
  /// Pushes local `c`; `store` pops into it and keeps bytes of the route where they cannot change. `a` is the kind it must be.
  case load
  case store
  /// Gives local `c` the empty value of the kind `a`.
  case clear

  // Control.
  case jump
  /// Pops a bool.
  case jumpIfFalse
  /// Looks at a bool: jumps and keeps it, or pops it.
  case jumpIfFalseKeeping
  case jumpIfTrueKeeping
  /// If the value on top is in the set with the number `a`, `b` (24 bits), pops it and jumps.
  case jumpIfIn
  case requireBool
  /// Calls function `c`.
  case call
  case `return`
  case accept
  case reject
  case error
  /// A filter that ran to its end.
  case noVerdict
  /// Local `b` is a container, the next one a position, the one after the variable: takes the next element or jumps.
  case next

  // Operators.
  case not
  case equal
  case notEqual
  case less
  case lessOrEqual
  case greater
  case greaterOrEqual
  case add
  case subtract
  case multiply
  case divide
  case match
  case notMatch
  case defined

  // Constructors.
  case makePair
  /// `a`: 0 route target, 1 route origin, 2 generic, 3 another kind, which is in `c`.
  case makeExtended
  case makeLarge
  /// Appends an int, a path or a mask to the mask below.
  case extendMask
  case format
  case fromHex

  // Methods; `a` is a `PolicyMember`.
  case member
  case mask
  case prepend
  case insert
  case delete
  case filter
  /// Pops a value and a key; the value gets its place in the arena, so that the route may change.
  case keep

  // The route. `a` is a `PolicyField`.
  case loadField
  case storeField
  /// `c` is the key, `a` the kind of the value, `b` the attribute's flags.
  case loadAttribute
  case storeAttribute
  /// The same for bit `a` of the number that attribute `c` is.
  case loadBit
  case storeBit
  case unset
  /// `ATTRIBUTE ~ constant` in one step: attribute `c` of the kind `a`, constant `b`.
  case matchAttribute
  /// `constant ~ ATTRIBUTE`, the same way round in the instruction.
  case matchInAttribute
  /// Pushes the outcome of test `c` of the prefix.
  case testPrefix

  /// Pops a prefix and an AS number if `a` is 1, else takes the route's: asks table of authorizations `c`.
  case roaCheck
  /// `return TERM` in a filter of 2.x: pops a bool and accepts or rejects.
  case conclude
  /// `quitbird` of 1.6.
  case quit

  // Output.
  case print
  /// `a` = 1: ends the line.
  case printEnd

  // bt_assert and its relatives: pops a bool and notes failure; `c` is the constant with the condition's text.
  case assert
}

/// `.len`, `.ip` and so on.
package enum PolicyMember: UInt8, Sendable, Hashable, CaseIterable {
  case length, ip, first, last, lastNonaggregated, asn, data, data1, data2, empty, routeDistinguisher, type, source, destination
  case maximumLength, isIPv4, minimum, maximum
}

/// What of a route the language reads and writes without a record.
package enum PolicyField: UInt8, Sendable, Hashable, CaseIterable {
  case from, gateway, network, protocolName, source, scope, cast
  /// `dest` with the numbers of 1.6 and of 2.x.
  case destination1, destination2
  case interfaceName, interfaceIndex, weight, onLink, label, preference, igpMetric
  case origin, localPref, med
}
