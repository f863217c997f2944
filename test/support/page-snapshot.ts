import type { Page } from 'playwright-core'

/**
 * Everything on a page that could tell a reader something, in the order in which it is there: address and title, of each element its
 * texts, all attributes (labels for assistive technology, tooltips, addresses of pictures, styles) and the colours and the
 * place in which it is drawn. One line an element.
 */
export function pageSnapshot(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const lines = [location.href, document.title]
    for (const element of document.querySelectorAll('body, body *')) {
      const style = getComputedStyle(element)
      const box = element.getBoundingClientRect()
      const texts = [...element.childNodes].flatMap(node =>
        node.nodeType === Node.TEXT_NODE ? (node.nodeValue ?? '').trim() || [] : []
      )
      const attributes = [...element.attributes].map(({ name, value }) => `${name}=${value}`).sort()
      const field = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement
      lines.push(
        [
          element.tagName,
          ...texts,
          ...(field ? [`value=${element.value}`] : []),
          ...attributes,
          ...['color', 'backgroundColor', 'borderColor', 'boxShadow', 'fill', 'stroke', 'order'].map(
            property => style.getPropertyValue(property.replace(/[A-Z]/g, each => `-${each.toLowerCase()}`))
          ),
          [box.x, box.y, box.width, box.height].map(Math.round).join(' ')
        ].join(' | ')
      )
    }
    return lines
  })
}
