import type { BrowserContext, Page, WebSocketRoute } from 'playwright-core'

/** A page whose connection to the host can be held up and cut. */
export interface RoutedPage {
  page: Page
  /** Everything that the host has sent to this page, as text. */
  received(): string
  /** From now on nothing from the host reaches the page, until `release`. */
  hold(): void
  release(): void
  /** Ends the connection, and with it what is held; a new one is let through only after `mend`. */
  cut(): Promise<void>
  mend(): void
}

/** Opens another page of a session that is open in `context` already. */
export async function openRoutedPage(context: BrowserContext, url: string): Promise<RoutedPage> {
  const page = await context.newPage()
  const open = new Set<WebSocketRoute>()
  let received = ''
  let held: (() => void)[] | null = null
  let mended = Promise.resolve()
  let mend = () => {}
  await page.routeWebSocket(/.*/, async socket => {
    await mended
    const server = socket.connectToServer()
    open.add(socket)
    server.onMessage(message => {
      received += typeof message === 'string' ? message : message.toString('utf8')
      if (held) held.push(() => socket.send(message))
      else socket.send(message)
    })
  })
  await page.goto(url)
  return {
    page,
    received: () => received,
    hold: () => (held ??= []),
    release() {
      const waiting = held ?? []
      held = null
      for (const send of waiting) send()
    },
    async cut() {
      held = null
      mended = new Promise(resolve => (mend = resolve))
      const all = [...open]
      open.clear()
      for (const socket of all) await socket.close({ code: 1001, reason: 'cut' })
    },
    mend: () => mend()
  }
}
