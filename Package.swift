// swift-tools-version: 6.2
import PackageDescription

/// The pure targets use lifetimes for the bounds-checked wire cursor (`WireReader`).
let pure: [SwiftSetting] = [.enableExperimentalFeature("Lifetimes")]

/// What is not on the way of routes is compiled for size: the daemon is for small machines.
let compact: [SwiftSetting] = pure + [.unsafeFlags(["-Osize"], .when(configuration: .release))]

/// Only what is reachable is linked, equal code once, and nothing is exported.
let small: [LinkerSetting] = [
  .unsafeFlags(
    [
      "-use-ld=lld", "-Xlinker", "--gc-sections", "-Xlinker", "--icf=all", "-Xlinker", "--no-export-dynamic", "-Xlinker",
      "--exclude-libs=ALL", "-Xlinker", "-O2", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs", "-Xlinker", "-s",
    ], .when(configuration: .release))
]

let package = Package(
  name: "routed",
  products: [
    .library(name: "RouteCore", targets: ["RouteCore"]),
    .library(name: "BGP", targets: ["BGP"]),
    .library(name: "OSPFv3", targets: ["OSPFv3"]),
    .library(name: "RoutedConfiguration", targets: ["Configuration"]),
    .executable(name: "routed", targets: ["routed"]),
    .executable(name: "routectl", targets: ["routectl"]),
  ],
  targets: [
    .target(name: "CLinux"),
    .systemLibrary(name: "CMnl", pkgConfig: "libmnl", providers: [.apt(["libmnl-dev"])]),
    .target(name: "RouteCore", swiftSettings: pure),
    .target(name: "BGP", dependencies: ["RouteCore"], swiftSettings: pure),
    .target(name: "OSPFv3", dependencies: ["RouteCore"], swiftSettings: pure),
    .target(name: "Configuration", dependencies: ["RouteCore", "BGP", "OSPFv3"], swiftSettings: compact),
    .target(name: "Linux", dependencies: ["CLinux", "CMnl", "RouteCore"], swiftSettings: pure + [.defaultIsolation(MainActor.self)]),
    .target(name: "Control", dependencies: ["RouteCore"], swiftSettings: compact),
    .executableTarget(
      name: "routed",
      dependencies: ["CLinux", "Linux", "RouteCore", "BGP", "OSPFv3", "Configuration", "Control"],
      swiftSettings: pure + [.defaultIsolation(MainActor.self)],
      linkerSettings: small
    ),
    .executableTarget(name: "routectl", dependencies: ["CLinux", "Control"], linkerSettings: small),
    .testTarget(name: "RouteCoreTests", dependencies: ["RouteCore"], swiftSettings: pure),
    .testTarget(name: "BGPTests", dependencies: ["BGP", "RouteCore"], swiftSettings: pure),
    .testTarget(name: "OSPFv3Tests", dependencies: ["OSPFv3", "RouteCore"], swiftSettings: pure),
    .testTarget(name: "ConfigurationTests", dependencies: ["Configuration"], swiftSettings: pure),
    .testTarget(name: "FilterTests", dependencies: ["Configuration", "RouteCore"], swiftSettings: pure),
    .testTarget(
      name: "LinuxTests", dependencies: ["CLinux", "Linux", "RouteCore"],
      swiftSettings: pure + [.defaultIsolation(MainActor.self)]),
    .testTarget(name: "ControlTests", dependencies: ["Control", "RouteCore"], swiftSettings: pure),
  ],
  swiftLanguageModes: [.v6]
)
