import Configuration

// Both Configuration and Control have time formats: the one as they are written, the other as they are used.
typealias ConfiguredTimeFormat = TimeFormat
typealias ConfiguredTimeFormats = TimeFormats
