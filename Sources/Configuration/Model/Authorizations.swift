import RouteCore

/// Route origin authorizations that a file puts into a table.
package struct AuthorizationSource: Sendable {
  package var table: PolicyROATable
  /// The static protocol they come from and go with; nil for those that the table lists itself (1.6).
  package var protocolName: String?
  package var entries: [RouteOriginAuthorization]
}

extension Configuration {
  /// Gives the tables what the protocols that run put into them: those that `isRunning` says, else those that the file lets run.
  /// Returns the tables that hold something else now.
  @discardableResult
  package func fillAuthorizationTables(where isRunning: ((String) -> Bool)? = nil) -> [PolicyROATable] {
    let disabled = Set(protocols.filter { $0.disabled }.map { $0.name })
    return authorizationTables.filter { table in
      let before = table.entries
      let sources = authorizationSources.filter { source in
        guard source.table === table else { return false }
        guard let name = source.protocolName else { return true }
        return isRunning?(name) ?? !disabled.contains(name)
      }
      table.fill(sources.flatMap { $0.entries })
      return table.entries != before
    }
  }
}
