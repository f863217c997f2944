/**
 * Puts a text on the clipboard. Where the page has no leave to (Electron grants none), the older way of a selected field is taken,
 * which works under a click or a key.
 * @returns false where neither worked
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copySelected(text)
  }
}

function copySelected(text: string): boolean {
  const before = document.activeElement as HTMLElement | null
  const field = document.createElement('textarea')
  field.value = text
  field.style.position = 'fixed'
  field.style.opacity = '0'
  document.body.append(field)
  field.select()
  try {
    return document.execCommand('copy')
  } finally {
    field.remove()
    before?.focus({ preventScroll: true })
  }
}
