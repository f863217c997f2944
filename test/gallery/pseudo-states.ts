const PSEUDO_CLASSES = [':hover', ':focus-visible', ':focus-within'] as const

/**
 * Repeats every style rule for :hover or focus under a class of the same name ('.is-hover'), so that a state that needs a hand on
 * the mouse stands still on the page.
 */
export function showPseudoStates(): void {
  for (const sheet of document.styleSheets) {
    const rules = [...sheet.cssRules].filter(rule => rule instanceof CSSStyleRule)
    for (const rule of rules) {
      const selector = PSEUDO_CLASSES.reduce(
        (text, pseudo) => text.replaceAll(pseudo, `.is-${pseudo.slice(1)}`),
        rule.selectorText
      )
      if (selector !== rule.selectorText) {
        sheet.insertRule(`${selector} { ${rule.style.cssText} }`, sheet.cssRules.length)
      }
    }
  }
}
