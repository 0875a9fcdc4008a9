/// What the daemon shows of its state: plain values, one file per subject, filled from the running state on request
/// (`SnapshotReader` in routed). They do not depend on how they are written: that is up to a `Presentation`.
package enum Snapshot {}
