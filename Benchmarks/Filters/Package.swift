// swift-tools-version: 6.2
import PackageDescription

// The daemon's own targets are linked in, not depended on: the benchmark drives what is `package` in them.
let pure: [SwiftSetting] = [.enableExperimentalFeature("Lifetimes")]

let package = Package(
  name: "FilterBenchmark",
  targets: [
    .target(name: "RouteCore", swiftSettings: pure),
    .target(name: "BGP", dependencies: ["RouteCore"], swiftSettings: pure),
    .target(name: "OSPFv3", dependencies: ["RouteCore"], swiftSettings: pure),
    .target(name: "BFD", dependencies: ["RouteCore"], swiftSettings: pure),
    .target(name: "Configuration", dependencies: ["RouteCore", "BGP", "OSPFv3", "BFD"], swiftSettings: pure),
    .executableTarget(name: "FilterBenchmark", dependencies: ["RouteCore", "Configuration"], swiftSettings: pure),
  ],
  swiftLanguageModes: [.v6]
)
