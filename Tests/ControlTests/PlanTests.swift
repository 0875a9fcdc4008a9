import ControlLanguage
import RouteCore
import Testing

@testable import Control

@Suite struct PlanTests {
  private func view() -> Snapshot.Plan {
    var first = Snapshot.Plan.Row(name: "uplink", family: .ipv6, type: "BGP", state: .kept)
    (first.gained, first.lost, first.changed, first.unchanged) = (1, 2, 1, 1_000_000)
    let second = Snapshot.Plan.Row(name: "kernel_with_a_name", family: .ipv4, type: "Kernel", state: .restarted)
    return Snapshot.Plan(
      file: "/tmp/n.conf", actions: ["Protocol uplink: reloaded (export filter of ipv6)"], rows: [first, second],
      notes: ["import of uplink: judged on accepted routes only"])
  }

  private func written(_ form: AnswerForm, _ listsRoutes: Bool) throws -> String {
    let listing = form.presentation(.bird2, TimeFormats(.bird2)).plan(listsRoutes: listsRoutes)
    var reply = ReplyWriter()
    let view = view()
    listing.begin(view, to: &reply)
    for (index, row) in view.rows.enumerated() {
      listing.beginRow(row, to: &reply)
      if index == 0, listsRoutes {
        listing.write(PlannedRoute(try #require(Prefix("2001:db8:1::/48")), .gained), to: &reply)
        listing.write(
          PlannedRoute(try #require(Prefix("2001:db8:2::/48")), .changed, before: ["BGP.med: 1"], after: ["BGP.med: 2"]), to: &reply)
      }
      listing.endRow(to: &reply)
    }
    listing.finish(to: &reply)
    return String(decoding: reply.text.bytes, as: UTF8.self)
  }

  @Test func `a plan names what is done, counts for each channel, and lists routes with what changes`() throws {
    #expect(
      try written(.text, true) == """
        0020-Protocol uplink: reloaded (export filter of ipv6)
        2901-Name               Channel     Gained      Lost   Changed Unchanged  State
        1901-uplink             ipv6             1         2         1   1000000  kept
         kernel_with_a_name ipv4             0         0         0         0  restarted
         Note: import of uplink: judged on accepted routes only
         uplink.ipv6:
         \t+ 2001:db8:1::/48
         \t~ 2001:db8:2::/48
         \t\t- BGP.med: 1
         \t\t+ BGP.med: 2
        0020 Configuration OK, nothing was changed

        """)
  }

  @Test func `as JSON it is one document`() throws {
    let lines = try written(.json, true).split(separator: "\n")
    let document = lines.dropLast().map { String($0.hasPrefix(" ") ? $0.dropFirst() : $0.dropFirst(5)) }.joined()
    #expect(
      document
        == #"{"file":"/tmp/n.conf","actions":["Protocol uplink: reloaded (export filter of ipv6)"],"notes":["import of uplink: judged on accepted routes only"],"channels":[{"protocol":"uplink","type":"BGP","channel":"ipv6","state":"kept","gained":1,"lost":2,"changed":1,"unchanged":1000000,"routes":[{"prefix":"2001:db8:1::/48","change":"gained"},{"prefix":"2001:db8:2::/48","change":"changed","before":["BGP.med: 1"],"after":["BGP.med: 2"]}]},{"protocol":"kernel_with_a_name","type":"Kernel","channel":"ipv4","state":"restarted","gained":0,"lost":0,"changed":0,"unchanged":0,"routes":[]}]}"#
    )
    #expect(lines.last == "0000 ")
    #expect(try !written(.json, false).contains("\"routes\""))
  }

  @Test func `the command takes a quoted file and all`() throws {
    #expect(try CommandParser.parse("plan", .bird2).command == .plan(file: nil, .brief))
    #expect(try CommandParser.parse(#"plan "/tmp/x y" all"#, .bird1).command == .plan(file: "/tmp/x y", .all))
    #expect(try CommandParser.parse(#"json plan "f""#, .bird2) == Request(command: .plan(file: "f", .brief), form: .json))
    #expect(throws: ControlError.self) { try CommandParser.parse("plan f", .bird2) }
    #expect(Command.plan(file: "f", .brief).isMutating(in: .bird2))
    #expect(!Command.plan(file: nil, .all).isMutating(in: .bird2))
    #expect(!Command.plan(file: "f", .brief).isMutating(in: .bird1))
  }

  @Test func `the client quotes the file and says where it is`() {
    #expect(PlanArguments.completed("plan new.conf all", in: "/home/u") == #"plan "/home/u/new.conf" all"#)
    #expect(PlanArguments.completed("plan /etc/n.conf", in: "/home/u") == #"plan "/etc/n.conf""#)
    #expect(PlanArguments.completed(#"plan "n.conf" all"#, in: "/home/u") == #"plan "n.conf" all"#)
    #expect(PlanArguments.completed("plan all", in: "/x") == "plan all")
    #expect(PlanArguments.completed("show route all", in: "/x") == "show route all")
  }

  @Test func `attributes are the lines of show route all`() {
    var header = AttributeHeader(source: .bgp, preference: 0)
    header.flags = [.hasOrigin, .hasMED]
    header.med = 4
    var attributes = RouteAttributes(header)
    attributes.set(.communities, flags: 0xc0, [0xfd, 0xe9, 0, 7])
    #expect(Snapshot.Route.attributeLines(attributes) == ["BGP.origin: Incomplete", "BGP.med: 4", "BGP.community: (65001,7)"])
  }
}
