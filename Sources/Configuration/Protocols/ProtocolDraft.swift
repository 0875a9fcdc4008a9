import BFD
import BGP
import OSPFv3
import RouteCore

/// A protocol or template while it is read. It has room for the options of every type, so that one kind of option table does, and
/// what its `from` names is simply copied.
struct ProtocolDraft: OptionTarget {
  var kind: ProtocolKind
  var name: String
  /// What errors of the whole protocol point at.
  var token: Token
  var isTemplate = false
  var marks = OptionMarks()

  var disabled = false
  var debug: DebugMask?
  var mrtdump: MRTDumpMask?
  var description: String?
  var routerID: RouterID?
  var vrf: VRFChoice?
  /// 2.x: the channels, in the order of the file.
  var channels: [ChannelDraft] = []
  /// 1.6: the one channel whose options stand directly in the protocol. In 2.x only pipes have it.
  var implied: ChannelDraft

  var device = DeviceConfiguration()
  var direct = DirectConfiguration()
  var kernel = KernelConfiguration()
  var staticRoutes = StaticConfiguration()
  /// Static route origin authorizations of 2.x, and the channels they go to.
  var authorizations: [(RouteOriginAuthorization, SourceLocation)] = []
  var authorizationChannels: [AuthorizationChannel] = []
  /// There was a channel of a kind that is passed over.
  var passesOver = false
  var pipe = PipeDraft()
  var ospf = OSPFDraft()
  var bgp = BGPDraft()
  var bfd = BFDConfiguration()

  init(kind: ProtocolKind, name: String, token: Token, dialect: Dialect) {
    self.kind = kind
    self.name = name
    self.token = token
    implied = ChannelDraft(family: dialect.impliedFamily ?? .ipv6, dialect: dialect, kind: kind, token: token)
    ospf = OSPFDraft(dialect: dialect)
    if dialect == .bird2 {
      kernel.metric = 32
      // BIRD 2 has no such option: an interface's own network is exported to the kernel like any other.
      kernel.deviceRoutes = true
    }
  }
}

extension ProtocolDraft {
  /// What `from` takes over: everything but the name, and the neighbours, which every protocol has of its own.
  func inherited(by draft: ProtocolDraft) -> ProtocolDraft {
    var copy = self
    copy.name = draft.name
    copy.token = draft.token
    copy.bgp.neighborToken = nil
    // As in BIRD, what a BFD protocol runs on is its own.
    copy.bfd.interfaces = []
    copy.bfd.neighbors = []
    copy.marks.inherit()
    copy.implied.marks.inherit()
    for index in copy.channels.indices {
      copy.channels[index].isInherited = true
      copy.channels[index].marks.inherit()
    }
    return copy
  }
}

/// A channel while it is read.
struct ChannelDraft: OptionTarget {
  var configuration: ChannelConfiguration
  var bgp = ChannelOptions()
  var debug: DebugMask?
  var token: Token
  /// Whether it comes from a template: only then may it be named again.
  var isInherited = false
  var marks = OptionMarks()

  init(family: AddressFamily, dialect: Dialect, kind: ProtocolKind, token: Token) {
    configuration = ChannelConfiguration(
      family: family, table: ChannelDraft.defaultTable(family, dialect), preference: kind.defaultPreference)
    // defaults of pipes: 1.6 exports nothing, 2.x everything
    if kind == .pipe, dialect == .bird2 { configuration.exportPolicy = .all }
    self.token = token
  }

  /// The implicit tables.
  static func defaultTable(_ family: AddressFamily, _ dialect: Dialect) -> String {
    if dialect.isBird1 { return "master" }
    return family == .ipv4 ? "master4" : "master6"
  }
}

struct PipeDraft: Sendable {
  var peerTable: String?
  var opaque = false
}
