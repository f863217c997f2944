import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startElectron, type RunningElectron } from '../support/electron-app'
import { temporaryFolder } from '../support/temporary-folder'

describe('Electron window', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let electron: RunningElectron

  beforeAll(async () => {
    folder = await temporaryFolder('electron')
    electron = await startElectron(folder.path)
  })
  afterAll(async () => {
    await electron.close()
    await folder.remove()
  })

  /** Runs code as the page itself would: what the test driver evaluates directly is exempt from the page's policy. */
  function asPage<Result>(source: string): Promise<Result> {
    return electron.page.evaluate(
      code =>
        new Promise<never>((resolve, reject) => {
          const run = new Function('resolve', 'reject', code) as (...settle: unknown[]) => void
          setTimeout(run, 0, resolve, reject)
        }),
      source
    )
  }

  it('is the app’s own page', () => {
    expect(electron.page.url()).toMatch(/^neogate:\/\/app\//)
  })

  it('is sandboxed and isolated, without Node', async () => {
    const preferences = await electron.app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows()
      const contents = window!.webContents as unknown as {
        getLastWebPreferences(): Record<string, unknown>
      }
      const { sandbox, contextIsolation, nodeIntegration, webviewTag } = contents.getLastWebPreferences()
      return { sandbox, contextIsolation, nodeIntegration, webviewTag: Boolean(webviewTag) }
    })
    expect(preferences).toEqual({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false
    })
  })

  it('has no globals beside the bridge, and the bridge only what it lists', async () => {
    const found = await electron.page.evaluate(() => ({
      node: ['require', 'process', 'module', 'Buffer', 'global', '__dirname'].filter(name => name in window),
      bridge: Object.keys((window as unknown as { neogate: object }).neogate).sort()
    }))
    expect(found).toEqual({ node: [], bridge: ['connect', 'host', 'pickFile', 'pickFolder'] })
  })

  it('blocks eval and inline scripts', async () => {
    const evaluated = await asPage<string>(
      `try { (0, eval)('1'); resolve('ran') } catch (error) { resolve(error.name) }`
    )
    expect(evaluated).toBe('EvalError')
    const inline = await asPage<string>(`
      const script = document.createElement('script')
      script.textContent = 'window.inlineRan = true'
      document.head.append(script)
      resolve(String(window.inlineRan))`)
    expect(inline).toBe('undefined')
  })

  it('reaches nothing outside the app', async () => {
    for (const url of ['https://example.org/', 'http://127.0.0.1:1/', 'file:///etc/passwd']) {
      const outcome = await asPage<string>(
        `fetch('${url}').then(() => resolve('reached'), error => resolve(error.name))`
      )
      expect(outcome, url).toBe('TypeError')
    }
    const outcome = await electron.app.evaluate(async ({ net }) => {
      try {
        await net.fetch('http://127.0.0.1:1/')
        return 'reached'
      } catch (error) {
        return String(error)
      }
    })
    expect(outcome).toContain('ERR_BLOCKED_BY_CLIENT')
  })

  it('stays where it is', async () => {
    const before = electron.page.url()
    await asPage(`location.href = 'https://example.org/'; setTimeout(resolve, 300)`)
    expect(electron.page.url()).toBe(before)
    const opened = await asPage<string>(`resolve(String(window.open('https://example.org/')))`)
    expect(opened).toBe('null')
    expect(electron.app.windows()).toHaveLength(1)
  })

  it('grants no permission', async () => {
    const notification = await asPage<string>(`Notification.requestPermission().then(resolve, reject)`)
    expect(notification).toBe('denied')
    for (const name of ['camera', 'microphone', 'geolocation', 'clipboard-read', 'midi']) {
      const state = await asPage<string>(
        `navigator.permissions.query({ name: '${name}' }).then(({ state }) => resolve(state), reject)`
      )
      expect(state, name).toBe('denied')
    }
    const place = await asPage<string>(
      `navigator.geolocation.getCurrentPosition(() => resolve('granted'), error => resolve(String(error.code)))`
    )
    expect(place).toBe('1')
  })

  it('answers 403 to paths out of the screens and 404 to what is not there', async () => {
    const status = (path: string) => electron.page.evaluate(async url => (await fetch(url)).status, path)
    expect(await status('/..%2f..%2fpackage.json')).toBe(403)
    expect(await status('/assets/..%5c..%5cpackage.json')).toBe(403)
    expect(await status('/package.json')).toBe(404)
    expect(await status('/pixels/nothing')).toBe(404)
  })

  it('sends the same strict policy as the browser mode', async () => {
    const policy = await electron.page.evaluate(async () =>
      (await fetch('/')).headers.get('content-security-policy')
    )
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
  })

  it('ignores what a page sends on channels that the bridge does not list', async () => {
    const channels = await electron.app.evaluate(({ ipcMain }) => ipcMain.eventNames())
    const ours = channels.filter(name => String(name).startsWith('neogate'))
    expect(ours).toEqual(['neogate:connect'])
  })

  it('ends when its window is closed while no project is open', async () => {
    const second = await temporaryFolder('electron-quit')
    const other = await startElectron(second.path)
    const child = other.app.process()
    await other.page.locator('#app > *').first().waitFor()
    const exited = new Promise<number | null>(resolve => child.once('exit', code => resolve(code)))
    await other.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close())
    expect(await exited).toBe(0)
    await second.remove()
  })

  it('survives a reload', async () => {
    await electron.page.reload()
    await electron.page.waitForLoadState('domcontentloaded')
    expect(await electron.page.evaluate(() => document.querySelector('#app') !== null)).toBe(true)
  })
})
