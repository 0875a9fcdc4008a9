/// Attribute flags (RFC 4271 §4.3).
package struct AttributeFlags: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8
  @inlinable package init(rawValue: UInt8) { self.rawValue = rawValue }

  @inlinable package static var optional: AttributeFlags { AttributeFlags(rawValue: 0x80) }
  @inlinable package static var transitive: AttributeFlags { AttributeFlags(rawValue: 0x40) }
  @inlinable package static var partial: AttributeFlags { AttributeFlags(rawValue: 0x20) }
  @inlinable package static var extendedLength: AttributeFlags { AttributeFlags(rawValue: 0x10) }

  @inlinable package static var wellKnown: AttributeFlags { transitive }
  @inlinable package static var optionalNonTransitive: AttributeFlags { optional }
  @inlinable package static var optionalTransitive: AttributeFlags { AttributeFlags(rawValue: 0xc0) }
  /// The two bits that a specification fixes.
  @inlinable package static var category: AttributeFlags { AttributeFlags(rawValue: 0xc0) }
}
