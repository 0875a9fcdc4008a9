// swift-tools-version: 6.2
import PackageDescription

/// The pure targets use lifetimes for the bounds-checked wire cursor (`WireReader`).
let pure: [SwiftSetting] = [.enableExperimentalFeature("Lifetimes")]

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
    .target(name: "Configuration", dependencies: ["RouteCore", "BGP", "OSPFv3"], swiftSettings: pure),
    .target(name: "Linux", dependencies: ["CLinux", "CMnl", "RouteCore"], swiftSettings: pure + [.defaultIsolation(MainActor.self)]),
    .target(name: "Control", dependencies: ["RouteCore"], swiftSettings: pure),
    .executableTarget(
      name: "routed",
      dependencies: ["CLinux", "Linux", "RouteCore", "BGP", "OSPFv3", "Configuration", "Control"],
      swiftSettings: pure + [.defaultIsolation(MainActor.self)],
      linkerSettings: [.unsafeFlags(["-Xlinker", "--gc-sections"], .when(configuration: .release))]
    ),
    .executableTarget(name: "routectl", dependencies: ["CLinux", "Control"]),
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
