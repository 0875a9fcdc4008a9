/// An interpreter for what runs a program now and then, outside the way of routes. Embedded Swift destroys values that cannot be copied
/// only in their own module, and this is where.
package final class PolicyRunner {
  package var interpreter = PolicyInterpreter()

  package init() {}
}
