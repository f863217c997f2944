import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { RESEARCH_NOTICE } from './model-card'
import { modelCardDocument } from './model-card-document'
import { readModelFolder } from './model-folder'
import { trainedCard, trainingRecord } from '../../../test/support/trained-card'

const { card, hash } = await readModelFolder(
  fileURLToPath(new URL('../../../resources/demo-model', import.meta.url))
)

describe('model card for people', () => {
  it('begins with name and notice, counts the data and names every average', () => {
    const text = modelCardDocument(trainedCard(card, trainingRecord()), hash)
    expect(text.split('\n').slice(0, 3)).toEqual(['# Trained', '', `> **${RESEARCH_NOTICE}**`])
    expect(text).toContain('| Training films | 240 |')
    expect(text).toContain('| Macro F1 | 0.6000 |')
    expect(text).toContain('| RDS | 12 | 0.6000 | 0.6000 | 0.6000 | 0.8000 |')
    expect(text).toContain('| BPD | 0 | undefined | undefined | undefined | undefined |')
    expect(text).not.toMatch(/\| F1 \|/)
    expect(text).toContain('How it does on BPD: no validation film had that label.')
  })

  it('says of a model without a training block what is not recorded', () => {
    const taken = modelCardDocument({ ...card, trained: true, training: undefined }, hash)
    expect(taken).toContain('trained elsewhere')
    expect(taken).toContain('Which films, infants and labels it learnt from')
    const untrained = modelCardDocument({ ...card, trained: false, training: undefined }, hash)
    expect(untrained).toContain('Everything: this model has learnt nothing.')
  })

  it('keeps a name that looks like Markdown as text', () => {
    const text = modelCardDocument({ ...card, name: 'a|b\n# <script>`' }, hash)
    expect(text.split('\n')[0]).toBe('# a\\|b \\# \\<script\\>\\`')
  })
})
