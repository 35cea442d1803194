// What jsdom lacks and the components need. Set for good, so that tests may undo their own stand-ins.

class Observer {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

const lacking = {
  matchMedia: (query: string) => ({
    matches: false,
    media: query,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }),
  ResizeObserver: Observer,
  IntersectionObserver: Observer,
  visualViewport: new EventTarget(),
  scrollTo: () => undefined,
}
for (const [name, value] of Object.entries(lacking)) {
  Object.defineProperty(window, name, { value, configurable: true, writable: true })
}

Element.prototype.scrollTo = function scrollTo(): void {}
