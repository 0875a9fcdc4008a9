// swift-tools-version: 6.2
import PackageDescription

// The daemon's own modules are compiled into this package, not depended on: only so can they carry the fuzzer's coverage and the
// address sanitizer, and only so do the targets see what is `package` in them.
let covered: SwiftSetting = .unsafeFlags(["-sanitize=fuzzer,address", "-parse-as-library"])
let pure: [SwiftSetting] = [.enableExperimentalFeature("Lifetimes"), covered]

/// One program per kind of input.
func fuzzer(_ name: String, _ modules: [Target.Dependency]) -> Target {
  .executableTarget(
    name: name + "Fuzzer", dependencies: ["Driver"] + modules, swiftSettings: [.unsafeFlags(["-sanitize=address"])],
    linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])])
}

let package = Package(
  name: "Fuzz",
  targets: [
    .target(name: "CLinux", linkerSettings: [.linkedLibrary("dispatch")]),
    .systemLibrary(name: "CMnl", pkgConfig: "libmnl", providers: [.apt(["libmnl-dev"])]),
    .target(name: "RouteCore", swiftSettings: pure),
    .target(name: "BGP", dependencies: ["RouteCore"], swiftSettings: pure),
    .target(name: "OSPFv3", dependencies: ["RouteCore"], swiftSettings: pure),
    .target(name: "BFD", dependencies: ["RouteCore"], swiftSettings: pure),
    .target(name: "Configuration", dependencies: ["RouteCore", "BGP", "OSPFv3", "BFD"], swiftSettings: pure),
    .target(name: "ControlLanguage", swiftSettings: pure),
    .target(name: "Control", dependencies: ["ControlLanguage", "OSPFv3", "RouteCore"], swiftSettings: pure),
    .target(name: "KernelSync", dependencies: ["RouteCore"], swiftSettings: pure),
    .target(name: "Linux", dependencies: ["CLinux", "CMnl", "RouteCore", "KernelSync"], swiftSettings: pure),
    .target(name: "CFuzzer"),
    .target(name: "Driver", dependencies: ["CFuzzer"]),
    fuzzer("BGP", ["BGP"]),
    fuzzer("OSPFv3", ["OSPFv3", "RouteCore"]),
    fuzzer("BFD", ["BFD", "RouteCore"]),
    fuzzer("Netlink", ["Linux"]),
    fuzzer("Configuration", ["Configuration", "RouteCore"]),
    fuzzer("Filters", ["Configuration", "RouteCore"]),
    fuzzer("Control", ["Control"]),
  ],
  swiftLanguageModes: [.v6]
)
