import { describe, expect, it } from 'vitest'
import { FILM_TAGS, filmTags, inTagOrder, isDeviceTag, tagCode, tagDetail, toggleTag } from '.'

describe('findings, lines and tubes', () => {
  it('have each their own name, which holds no space', () => {
    expect(new Set(FILM_TAGS).size).toBe(FILM_TAGS.length)
    for (const tag of FILM_TAGS) expect(tag).toMatch(/^[a-z-]+(?::[a-z-]+)?$/)
  })

  it('say a side or a position where they have one', () => {
    expect(filmTags.safeParse(['pneumothorax', 'ett:too-low']).success).toBe(true)
    for (const wrong of ['ett', 'ett:left', 'cardiomegaly:left', 'Pneumothorax', ''])
      expect(filmTags.safeParse([wrong]).success, wrong).toBe(false)
    expect([tagCode('uvc:too-high'), tagDetail('uvc:too-high')]).toEqual(['uvc', 'too-high'])
    expect(tagDetail('cardiomegaly')).toBeNull()
    expect(['uvc:absent', 'pneumothorax:left'].map(isDeviceTag)).toEqual([true, false])
  })

  it('are said once each', () => {
    expect(filmTags.safeParse(['pneumothorax:left', 'pneumothorax:right']).success).toBe(false)
    expect(toggleTag(['pneumothorax:left'], 'pneumothorax:right')).toEqual(['pneumothorax:right'])
    expect(toggleTag(['pneumothorax:right'], 'pneumothorax:right')).toEqual([])
  })

  it('have one order', () => {
    const tags = ['ett:absent', 'cardiomegaly', 'pneumothorax']
    expect(inTagOrder(tags)).toEqual(['pneumothorax', 'cardiomegaly', 'ett:absent'])
    expect(toggleTag(['ett:absent'], 'cardiomegaly')).toEqual(['cardiomegaly', 'ett:absent'])
  })
})
