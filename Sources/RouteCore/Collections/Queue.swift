/// First in, first out, in one array: what was taken is given back when the queue runs empty, at the latest.
package struct Queue<Element> {
  private var elements: [Element] = []
  private var head = 0

  package init() {}

  package var isEmpty: Bool { head == elements.count }
  package var count: Int { elements.count - head }

  package var first: Element? { isEmpty ? nil : elements[head] }

  package mutating func append(_ element: Element) { elements.append(element) }

  package mutating func popFirst() -> Element? {
    guard head < elements.count else { return nil }
    let element = elements[head]
    head += 1
    if head == elements.count {
      head = 0
      if elements.capacity > 4096 { elements = [] } else { elements.removeAll(keepingCapacity: true) }
    }
    return element
  }
}
