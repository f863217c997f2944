import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Who may talk to the browser mode: whoever exchanged the one-time token of the printed address for a cookie. */
export interface BrowserSessions {
  /** A token that opens one session, once. The one before it stops working. */
  freshToken(): string
  /** Spends the token; the Set-Cookie value of the new session, or null if it is not the current token. */
  enter(token: string): string | null
  /** True if the request carries the cookie of a session. */
  admits(request: IncomingMessage): boolean
}

/** @param cookieName names the port too: a browser sends one host's cookies to all its ports */
export function createBrowserSessions(cookieName: string): BrowserSessions {
  let tokenDigest: Buffer | null = null
  const sessions: Buffer[] = []
  return {
    freshToken() {
      const token = secret()
      tokenDigest = digest(token)
      return token
    },
    enter(token) {
      if (!tokenDigest || !timingSafeEqual(digest(token), tokenDigest)) return null
      tokenDigest = null
      const session = secret()
      sessions.push(digest(session))
      return `${cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/`
    },
    admits(request) {
      const cookie = cookieValue(request.headers.cookie ?? '', cookieName)
      if (cookie === null) return false
      const presented = digest(cookie)
      return sessions.some(session => timingSafeEqual(session, presented))
    }
  }
}

function secret(): string {
  return randomBytes(32).toString('base64url')
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function cookieValue(header: string, name: string): string | null {
  for (const pair of header.split(';')) {
    const [key, value] = pair.trim().split('=', 2)
    if (key === name && value !== undefined) return value
  }
  return null
}
