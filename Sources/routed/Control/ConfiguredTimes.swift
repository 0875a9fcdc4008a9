import Configuration

// Both Configuration and Control have time formats: one has them as written, the other as used.
typealias ConfiguredTimeFormat = TimeFormat
typealias ConfiguredTimeFormats = TimeFormats
