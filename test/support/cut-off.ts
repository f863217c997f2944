import type { Page } from 'playwright-core'

/**
 * What of the page cannot be seen by any scrolling: words and controls that run out of a box which hides them, or out of the window;
 * and pages that scroll sideways as a whole, where only tables and the like may. Words that end in an ellipsis are left out.
 */
export function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(`(${findCutOff.toString()})()`)
}

/** Runs in the page. */
function findCutOff(): string[] {
  const found = new Set<string>()
  const CONTROLS = 'button, input, select, textarea, a[href], canvas, svg[role=img]'
  const UNSEEN = '.visually-hidden, .skip, option'
  const seen = (element: Element) =>
    !element.closest(UNSEEN) && element.checkVisibility({ visibilityProperty: true })

  const things: [element: Element, box: DOMRect, text: string][] = []
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const parent = node.parentElement
    if (!node.nodeValue?.trim() || !parent || !seen(parent)) continue
    const range = document.createRange()
    range.selectNodeContents(node)
    things.push([parent, range.getBoundingClientRect(), node.nodeValue.trim()])
  }
  for (const element of document.querySelectorAll(CONTROLS))
    if (seen(element))
      things.push([element, element.getBoundingClientRect(), element.getAttribute('aria-label') ?? ''])

  for (const [element, box, text] of things) {
    if (box.width === 0 || box.height === 0) continue
    // Whether some box between the thing and the window can be scrolled to it.
    let x = false
    let y = false
    let cut = false
    for (
      let around: Element | null = element;
      around && around !== document.body;
      around = around.parentElement
    ) {
      const style = getComputedStyle(around)
      const frame = around.getBoundingClientRect()
      const clips = (overflow: string) => overflow === 'hidden' || overflow === 'clip'
      const scrolls = (overflow: string) => overflow === 'auto' || overflow === 'scroll'
      x ||= style.textOverflow === 'ellipsis' || scrolls(style.overflowX)
      y ||= scrolls(style.overflowY)
      if (around.matches(CONTROLS) && !around.matches('button, a')) continue
      if (!x && clips(style.overflowX)) cut ||= box.right > frame.right + 1 || box.left < frame.left - 1
      if (!y && clips(style.overflowY)) cut ||= box.bottom > frame.bottom + 2 || box.top < frame.top - 2
      if (style.position === 'fixed') break
    }
    if (!x) cut ||= box.right > innerWidth + 1 || box.left < -1
    if (!y) cut ||= box.bottom > innerHeight + 1 || box.top < -1
    if (cut) found.add(`${element.tagName.toLowerCase()}.${element.className} "${text.slice(0, 40)}"`)
  }
  for (const screen of document.querySelectorAll('main > .screen'))
    if (screen.scrollWidth > screen.clientWidth + 1) found.add('the page scrolls sideways')
  return [...found]
}
