// How the daemon parses requests on its control socket, and how it presents its state. (What clients need to know is in the module
// `ControlLanguage`.)
//
// Reading order, and how the daemon uses it:
//
// 1. **Session** (`ControlSession`): the server's side of one connection as a pure machine. It greets, splits the input into requests,
//    answers those with errors (framing, syntax, `restrict`), and hands out the others:
//    ```
//    var session = ControlSession(.bird1)              // session.reply already holds the greeting
//    session.receive(bytesFromTheSocket)               // while session.wantsInput
//    while let request = session.next() {              // one at a time: only when the previous answer is complete
//      answer(request, to: &session.reply)
//    }
//    send(session.reply.text.bytes); session.reply.drop(first: sent)
//    ```
// 2. **Command**: `CommandTree` knows all commands (for the parser, and for the client's abbreviations, completion and help),
//    `CommandParser` makes a typed `Command`. Names stay text: the daemon resolves them, and answers with
//    `ControlError+Names.swift` if they do not exist. Filters and terms of `show route` and `eval` are passed on as text for
//    the configuration's parser; its message goes out as `reply.fail(ControlError(.parseError, message))`.
// 3. **Snapshot**: plain values, one file per subject, that the daemon fills from its running state. They do not depend on how they
//    are written. Pure code has no clock: times come as `Timestamp`, broken down by the daemon.
// 4. **Presentation**: writes the snapshot. There are `BIRD1` (1.6.8, as birdc6 shows it), `BIRD2` (2.0.12) and `JSON`; the dialect of the
//    configuration and the request choose among them in `AnswerForm.presentation`, and nowhere else. Each is a folder with a file per
//    subject; what both looks of BIRD have in common is in the folder BIRD. Widths, trailing spaces and odd punctuation are all intended:
//    scripts depend on them, and the tests compare them byte for byte.
// 5. `RouteListing` writes the one answer that may be long. It is fed route by route, so the daemon produces as much as the
//    client reads (say, until `reply.count` exceeds 64 KB or 1,000 nets have been looked at, and goes on when the socket has taken it)
//    and never blocks its loop.
//
// A request that begins with `json` is answered with lines of code 1900, whose texts one after the other are one JSON document. Its
// schema is in routectl(1).
//
// No text from a peer or user can break the framing: `ReplyWriter` replaces control characters and limits the length of lines.
