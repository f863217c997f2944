import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { refusal } from './request-guard'
import { createBrowserSessions } from './session'

const request = (headers: Record<string, string>) => ({ headers }) as unknown as IncomingMessage

describe('request guard', () => {
  it.each([
    [{ host: '127.0.0.1:8000' }, false, null],
    [{ host: 'localhost:8000', origin: 'http://localhost:8000' }, true, null],
    [{ host: '127.0.0.1:8000' }, true, 'Origin missing'],
    [{ host: '127.0.0.1:8000', origin: 'http://localhost:8000' }, true, 'Foreign origin'],
    [{ host: '127.0.0.1:8000', origin: 'https://127.0.0.1:8000' }, false, 'Foreign origin'],
    [{ host: '127.0.0.1:8000', origin: 'null' }, false, 'Foreign origin'],
    [{ host: '127.0.0.1:8001' }, false, 'Unknown host'],
    [{ host: '127.0.0.1' }, false, 'Unknown host'],
    [{ host: 'localhost.evil.example:8000' }, false, 'Unknown host'],
    [{}, false, 'Unknown host']
  ])('of %j with Origin required %j: %j', (headers, originRequired, expected) => {
    expect(refusal(request(headers as Record<string, string>), 8000, originRequired)).toBe(expected)
  })
})

describe('browser sessions', () => {
  it('spend a token once; a fresh one replaces it; sessions stay', () => {
    const sessions = createBrowserSessions('neogate_8000')
    const old = sessions.freshToken()
    const token = sessions.freshToken()
    expect(sessions.enter(old)).toBeNull()
    const cookie = sessions.enter(token)!.split(';')[0]!
    expect(sessions.enter(token)).toBeNull()
    expect(sessions.admits(request({ cookie: `other=1; ${cookie}` }))).toBe(true)
    expect(sessions.admits(request({ cookie: cookie.replace('8000', '8001') }))).toBe(false)
    expect(sessions.admits(request({ cookie: `${cookie}x` }))).toBe(false)
    expect(sessions.admits(request({}))).toBe(false)
    const second = sessions.enter(sessions.freshToken())!
    expect(second).not.toContain(cookie)
    expect(sessions.admits(request({ cookie }))).toBe(true)
  })
})
