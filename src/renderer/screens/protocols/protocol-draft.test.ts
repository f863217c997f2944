import { describe, expect, it } from 'vitest'
import { freshDraft, readDraft } from './protocol-draft'

describe('a new protocol as it is typed', () => {
  it('is read with its defaults', () => {
    expect(readDraft(freshDraft('ttn-rds')).wanted).toMatchObject({
      name: null,
      queue: 'ttn-rds',
      films: 50,
      assignment: { kind: 'some', readers: 2 },
      repeatShare: 0.1,
      randomShare: 0.1,
      labelsAtOnce: false,
      claimHours: 12
    })
  })

  it('names every field that cannot be read, and asks for nothing then', () => {
    const { wanted, faults } = readDraft({
      ...freshDraft('margin'),
      films: '0',
      perFilm: 'two',
      repeats: '60',
      gap: '1.5',
      random: '',
      hours: '0'
    })
    expect(wanted).toBeNull()
    expect([...faults].sort()).toEqual(['films', 'gap', 'hours', 'perFilm', 'random', 'repeats'])
  })

  it('gives each site its readers, who then are those that take part', () => {
    const draft = { ...freshDraft('margin'), assignment: 'by-site' as const, perFilm: 'unread' }
    expect(readDraft(draft).faults).toEqual(new Set(['sites']))
    const { wanted } = readDraft({ ...draft, sites: { North: 'Kim, Lee,', South: ' ', East: 'Kim' } })
    expect(wanted).toMatchObject({
      assignment: { kind: 'by-site', sites: { North: ['Kim', 'Lee'], East: ['Kim'] } },
      readers: ['Kim', 'Lee']
    })
  })

  it('lets answers become labels at once only where one reader reads each film', () => {
    const draft = { ...freshDraft('margin'), labelsAtOnce: true }
    expect(readDraft(draft).wanted!.labelsAtOnce).toBe(false)
    expect(readDraft({ ...draft, perFilm: '1' }).wanted!.labelsAtOnce).toBe(true)
    expect(readDraft({ ...draft, perFilm: '1', assignment: 'all' }).wanted!.labelsAtOnce).toBe(false)
  })
})
