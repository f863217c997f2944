import { describe, expect, it } from 'vitest'
import { createOutput, displayWidth, duration, fields, printable, table } from './output'

function fakeStream(isTTY: boolean) {
  const written: string[] = []
  const stream = { isTTY, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream
  return { stream, text: () => written.join('') }
}

describe('output', () => {
  it('aligns columns, numbers to the right, by the width that a terminal gives them', () => {
    expect(
      table(
        ['파일', 'N'],
        [
          ['가나다.dcm', 5],
          ['a.dcm', 12]
        ]
      )
    ).toBe(['파일         N', '가나다.dcm   5', 'a.dcm       12'].join('\n'))
  })

  it('counts Korean as two columns, in NFC and in NFD', () => {
    expect(displayWidth('서울')).toBe(4)
    expect(displayWidth('서울'.normalize('NFD'))).toBe(4)
    expect(displayWidth('e\u0301')).toBe(1)
  })

  it('shows what is absent as a dash and lets no control character through', () => {
    expect(fields([['Name', null]])).toBe('Name  -')
    expect(printable('a\x1b[2Jb\n')).toBe('a\ufffd[2Jb\ufffd')
  })

  it('writes nothing but the JSON value to stdout under --json', () => {
    const out = fakeStream(false)
    const err = fakeStream(false)
    const output = createOutput(true, out.stream, err.stream)
    output.progress('read: 1 of 2')
    output.note('remark')
    output.result({ films: 2 }, () => 'two films')
    expect(JSON.parse(out.text())).toEqual({ films: 2 })
    expect(err.text()).toBe('read: 1 of 2\nremark\n')
  })

  it('overwrites progress in place on a terminal and leaves the line before anything else', () => {
    const out = fakeStream(true)
    const err = fakeStream(true)
    const output = createOutput(false, out.stream, err.stream)
    output.progress('1 of 2')
    output.progress('2 of 2')
    output.result(2, () => 'two')
    expect(err.text()).toBe('\r\x1b[K1 of 2\r\x1b[K2 of 2\n')
    expect(out.text()).toBe('two\n')
  })

  it('says times as people do', () => {
    expect([5.4, 93, 3725].map(duration)).toEqual(['5 s', '1 min 33 s', '1 h 2 min'])
  })
})
