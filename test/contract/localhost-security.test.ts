import { request } from 'node:http'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { startServer, type RunningServer } from '../support/localhost-server'
import { temporaryFolder } from '../support/temporary-folder'

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

describe('browser mode', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let server: RunningServer
  let cookie: string

  beforeAll(async () => {
    folder = await temporaryFolder('localhost')
    server = await startServer(folder.path)
    cookie = await server.enter()
  })
  afterAll(async () => {
    await server.close()
    await folder.remove()
  })

  /** Sends exactly the path and headers given: fetch would tidy both up. */
  function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = { Host: `127.0.0.1:${server.port}`, Cookie: cookie, ...headers }
      const call = request(
        { host: '127.0.0.1', port: server.port, path, method, headers: sent },
        response => {
          let body = ''
          response.on('data', part => (body += String(part)))
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body })
          )
        }
      )
      call.on('error', reject)
      call.end()
    })
  }

  /** 'open', or the HTTP status that refused the upgrade. */
  function upgrade(headers: Record<string, string>, path = '/rpc'): Promise<'open' | number> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers })
      socket.on('open', () => {
        socket.terminate()
        resolve('open')
      })
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
      socket.on('error', reject)
    })
  }

  it('listens on the loopback interface only', async () => {
    const outside = Object.values(networkInterfaces())
      .flatMap(list => list ?? [])
      .find(({ internal, family }) => !internal && family === 'IPv4')
    if (!outside) return
    const outcome = await new Promise<string>(resolve => {
      const socket = connect(server.port, outside.address)
      socket.on('connect', () => (socket.destroy(), resolve('connected')))
      socket.on('error', error => resolve((error as NodeJS.ErrnoException).code ?? 'error'))
    })
    expect(outcome).toBe('ECONNREFUSED')
  })

  it('takes a token once, and gives a cookie that scripts and other sites cannot use', async () => {
    const second = await temporaryFolder('token')
    const fresh = await startServer(second.path)
    try {
      const first = await fetch(fresh.address, { redirect: 'manual' })
      expect(first.status).toBe(303)
      expect(first.headers.get('set-cookie')).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/)
      expect((await fetch(fresh.address, { redirect: 'manual' })).status).toBe(403)
      const guess = fresh.address.replace(/token=.*/, 'token=AAAA')
      expect((await fetch(guess, { redirect: 'manual' })).status).toBe(403)
    } finally {
      await fresh.close()
      await second.remove()
    }
  })

  it('serves nothing without a session', async () => {
    for (const path of ['/', '/index.html', '/pixels/aaaaaaaaaaaaaaaaaaaaaaaaaa', '/rpc']) {
      expect((await get(path, { Cookie: '' })).status, path).toBe(401)
      expect((await get(path, { Cookie: `neogate_${server.port}=wrong` })).status, path).toBe(401)
    }
    expect((await get('/')).status).toBe(200)
  })

  it('refuses other hosts (DNS rebinding) and other origins', async () => {
    expect((await get('/', { Host: 'evil.example' })).status).toBe(403)
    expect((await get('/', { Host: `evil.example:${server.port}` })).status).toBe(403)
    expect((await get('/', { Origin: 'http://evil.example' })).status).toBe(403)
    expect((await get('/', { Origin: 'null' })).status).toBe(403)
    expect((await get('/', { Host: `localhost:${server.port}` })).status).toBe(200)
  })

  it('opens a WebSocket only for its own page, with a session, on its own path', async () => {
    expect(await upgrade({ Cookie: cookie, Origin: server.origin })).toBe('open')
    expect(await upgrade({ Cookie: cookie })).toBe(403)
    expect(await upgrade({ Cookie: cookie, Origin: 'http://evil.example' })).toBe(403)
    expect(await upgrade({ Origin: server.origin })).toBe(403)
    expect(await upgrade({ Cookie: cookie, Origin: server.origin }, '/other')).toBe(403)
    expect(await upgrade({ Cookie: cookie, Origin: server.origin, Host: 'evil.example' })).toBe(403)
  })

  it.each([
    '/../package.json',
    '/assets/../../../package.json',
    '/%2e%2e/%2e%2e/package.json',
    '/..%2f..%2fpackage.json',
    '/..%5c..%5cpackage.json',
    '/assets/..%2f..%2f..%2fetc%2fpasswd.json'
  ])('answers 403 to the path %s', async path => {
    const { status, body } = await get(path)
    expect(status).toBe(403)
    expect(body).not.toContain('neogate"')
  })

  it('answers 404 to files that are not part of the screens, and 400 to a broken path', async () => {
    expect((await get('/package.json')).status).toBe(404)
    expect((await get('/main/server.cjs')).status).toBe(404)
    expect((await get('/%zz')).status).toBe(400)
  })

  it('allows only GET', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const { status } = await get('/', { Origin: server.origin }, method)
      expect(status, method).toBe(405)
    }
  })

  it('sends a strict policy and correct types with everything', async () => {
    const page = await get('/')
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
    const policy = String(page.headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
    expect(page.headers['x-content-type-options']).toBe('nosniff')
    const [script] = /\/?assets\/[\w.-]+\.js/.exec(page.body) ?? []
    const answer = await get(`/${script!.replace(/^\//, '')}`)
    expect(answer.headers['content-type']).toBe('text/javascript; charset=utf-8')
    expect(answer.headers['content-security-policy']).toBe(policy)
  })

  it('ends cleanly when asked to', async () => {
    const second = await temporaryFolder('shutdown')
    const fresh = await startServer(second.path)
    const Cookie = await fresh.enter()
    const socket = new WebSocket(`ws://127.0.0.1:${fresh.port}/rpc`, {
      headers: { Cookie, Origin: fresh.origin }
    })
    await new Promise(resolve => socket.on('open', resolve))
    const closed = new Promise(resolve => socket.on('close', resolve))
    expect(await fresh.close()).toBe(0)
    await closed
    await second.remove()
  })
})
