/// `plan FILE` as typed: the daemon may run in another directory, and accepts quoted names only.
package enum PlanArguments {
  /// The command as it is to be sent. `directory` is the user's current directory.
  package static func completed(_ command: String, in directory: String) -> String {
    guard command.hasPrefix("plan ") else { return command }
    let words = command.split(separator: " ").dropFirst()
    guard !words.contains(where: { $0.contains("\"") }) else { return command }
    var out = "plan"
    for word in words {
      if word == "all" {
        out += " all"
      } else {
        let path = word.hasPrefix("/") || directory.isEmpty ? String(word) : "\(directory)/\(word)"
        out += " \"\(path)\""
      }
    }
    return out
  }
}
