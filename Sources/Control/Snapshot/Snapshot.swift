/// What the daemon shows of itself: plain values, one file per subject, filled from the running state when somebody asks
/// (`SnapshotReader` in routed). Nothing in them depends on how they are written: that is the matter of a `Presentation`.
package enum Snapshot {}
