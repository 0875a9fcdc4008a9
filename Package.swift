// swift-tools-version: 6.2
import PackageDescription

#if arch(arm64)
  let machine = "aarch64"
#else
  let machine = "x86_64"
#endif

/// The programs that are installed are Embedded Swift: generic code is specialised, nothing reads metadata, and of the language's run time
/// only what is used is linked. It makes a third of the binary and starts in milliseconds. The Makefile asks for it. All else is ordinary
/// Swift: debug builds, tests, and the libraries in whatever package uses them, which may have no unsafe flags.
let isEmbedded = Context.environment["ROUTED_EMBEDDED"] != nil
let embedded: [SwiftSetting] =
  isEmbedded ? [.enableExperimentalFeature("Embedded"), .unsafeFlags(["-Xfrontend", "-function-sections"])] : []

/// Bounds-checked views (`WireReader`) have lifetimes.
let tests: [SwiftSetting] = [.enableExperimentalFeature("Lifetimes")]
let program = tests + embedded

/// A program has the code of its libraries in its own object file. Theirs stay empty: with two copies the linker could take a function of
/// one and its constants of the other, where they have other numbers.
let library = program + (isEmbedded ? [.unsafeFlags(["-Xfrontend", "-emit-empty-object-file"])] : [])

/// The client is compiled for size.
let compact = program + (isEmbedded ? [.unsafeFlags(["-Osize"])] : [])

/// libdispatch comes with the toolchain. What is installed has it inside; its thread-local variables are at fixed places then, and the
/// function of the dynamic loader that would look for them is named, but not called.
let dispatch: [LinkerSetting] = isEmbedded ? [] : [.linkedLibrary("dispatch")]

/// Only what is reachable is linked, equal code once, and nothing is exported. The Unicode tables of the run time are a library of their own.
let small: [LinkerSetting] =
  isEmbedded
  ? [
    .unsafeFlags([
      "-enable-experimental-feature", "Embedded", "-use-ld=lld", "-Xlinker", "--gc-sections", "-Xlinker", "--icf=all", "-Xlinker",
      "--no-export-dynamic", "-Xlinker", "--exclude-libs=ALL", "-Xlinker", "-O2", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs",
      "-Xlinker", "-s", "-Xlinker", "--as-needed", "-Xlinker", "-l:../embedded/\(machine)-unknown-linux-gnu/libswiftUnicodeDataTables.a",
      "-Xlinker", "-l:../../swift_static/linux/libdispatch.a", "-Xlinker", "-l:../../swift_static/linux/libBlocksRuntime.a",
      "-Xlinker", "--defsym=__tls_get_addr=0",
    ])
  ] : []

/// `make documentation` alone needs a package of others.
let isDocumented = Context.environment["ROUTED_DOCUMENTATION"] != nil

let package = Package(
  name: "routed",
  products: [
    .library(name: "RouteCore", targets: ["RouteCore"]),
    .library(name: "BGP", targets: ["BGP"]),
    .library(name: "OSPFv3", targets: ["OSPFv3"]),
    .library(name: "BFD", targets: ["BFD"]),
    .executable(name: "routed", targets: ["routed"]),
    .executable(name: "routectl", targets: ["routectl"]),
  ],
  dependencies: isDocumented ? [.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0")] : [],
  targets: [
    .target(name: "CLinux", linkerSettings: dispatch),
    .systemLibrary(name: "CMnl", pkgConfig: "libmnl", providers: [.apt(["libmnl-dev"])]),
    .target(name: "RouteCore", swiftSettings: library),
    .target(name: "BGP", dependencies: ["RouteCore"], swiftSettings: library),
    .target(name: "OSPFv3", dependencies: ["RouteCore"], swiftSettings: library),
    .target(name: "BFD", dependencies: ["RouteCore"], swiftSettings: library),
    .target(name: "KernelSync", dependencies: ["RouteCore"], swiftSettings: library),
    .target(name: "Configuration", dependencies: ["RouteCore", "BGP", "OSPFv3", "BFD"], swiftSettings: library),
    .target(name: "Linux", dependencies: ["CLinux", "CMnl", "RouteCore", "KernelSync"], swiftSettings: library),
    .target(name: "ControlLanguage", swiftSettings: library),
    .target(name: "Control", dependencies: ["ControlLanguage", "OSPFv3", "RouteCore"], swiftSettings: library),
    .executableTarget(
      name: "routed",
      dependencies: [
        "CLinux", "Linux", "RouteCore", "BGP", "OSPFv3", "BFD", "KernelSync", "Configuration", "Control", "ControlLanguage",
      ],
      swiftSettings: program,
      linkerSettings: small
    ),
    .executableTarget(
      name: "routectl", dependencies: ["CLinux", "ControlLanguage", "Linux"], swiftSettings: compact, linkerSettings: small),
    .testTarget(name: "RouteCoreTests", dependencies: ["RouteCore"], swiftSettings: tests),
    .testTarget(name: "BGPTests", dependencies: ["BGP", "RouteCore"], swiftSettings: tests),
    .testTarget(name: "OSPFv3Tests", dependencies: ["OSPFv3", "RouteCore"], swiftSettings: tests),
    .testTarget(name: "BFDTests", dependencies: ["BFD", "RouteCore"], swiftSettings: tests),
    .testTarget(name: "KernelSyncTests", dependencies: ["KernelSync", "RouteCore"], swiftSettings: tests),
    .testTarget(name: "ConfigurationTests", dependencies: ["Configuration"], swiftSettings: tests),
    .testTarget(name: "FilterTests", dependencies: ["Configuration", "RouteCore"], swiftSettings: tests),
    .testTarget(
      name: "LinuxTests", dependencies: ["CLinux", "Linux", "RouteCore", "KernelSync"],
      swiftSettings: tests + [.defaultIsolation(MainActor.self)]),
    .testTarget(
      name: "routedTests", dependencies: ["routed", "Linux", "RouteCore", "BGP", "Configuration", "Control"],
      swiftSettings: tests + [.defaultIsolation(MainActor.self)]),
    .testTarget(name: "ControlTests", dependencies: ["Control", "ControlLanguage", "OSPFv3", "RouteCore", "BGP"], swiftSettings: tests),
  ],
  swiftLanguageModes: [.v6]
)
